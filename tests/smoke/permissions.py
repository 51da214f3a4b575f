"""May each function make the calls that it makes, and no others? IAM's own simulator answers."""

from collections.abc import Iterator

import botocore.exceptions

from deployment import Deployment
from rows import Row, compared, skipped

# A log group made by a late line would block the next deployment.
FORBIDDEN_EVERYWHERE = [("logs:CreateLogGroup", "*")]
REMEDY = "Deploy the template again, and see whether a boundary or an organization's policy denies it."


def check(deployment: Deployment) -> Iterator[Row]:
    identity = deployment.client("sts").get_caller_identity()
    partition, account = identity["Arn"].split(":")[1], identity["Account"]
    table = f"arn:{partition}:dynamodb:{deployment.region}:{account}:table/{deployment.outputs['TableName']}"
    queue = deployment.outputs["QueueArn"]
    for provider in deployment.providers:
        secret = deployment.outputs[f"{provider}SecretId"]
        needed = [("dynamodb:PutItem", table), ("dynamodb:UpdateItem", table), ("sqs:SendMessage", queue)]
        needed.append(("secretsmanager:GetSecretValue", secret))
        others = [
            ("secretsmanager:GetSecretValue", deployment.outputs[f"{other}SecretId"])
            for other in deployment.providers
            if other != provider
        ]
        forbidden = [*FORBIDDEN_EVERYWHERE, ("dynamodb:Scan", table), ("sqs:ReceiveMessage", queue)]
        forbidden.append(("secretsmanager:PutSecretValue", secret))
        yield from _checked(deployment, provider, needed, forbidden + others)
    needed = [("dynamodb:Query", f"{table}/index/pending"), ("dynamodb:UpdateItem", table), ("sqs:SendMessage", queue)]
    forbidden = [*FORBIDDEN_EVERYWHERE, ("dynamodb:Scan", table), ("sqs:ReceiveMessage", queue)]
    yield from _checked(deployment, "Relay", needed, forbidden)


def _checked(
    deployment: Deployment, name: str, needed: list[tuple[str, str]], forbidden: list[tuple[str, str]]
) -> Iterator[Row]:
    check = f"{name}'s role, simulated"
    expected = f"{len(needed)} allowed, {len(forbidden)} denied"
    try:
        role = deployment.client("lambda").get_function_configuration(FunctionName=deployment.functions[name])["Role"]
        wrong = [f"{action} denied" for action, resource in needed if not _allowed(deployment, role, action, resource)]
        wrong += [f"{action} allowed" for action, resource in forbidden if _allowed(deployment, role, action, resource)]
    except botocore.exceptions.ClientError as error:
        if "AccessDenied" not in error.response["Error"]["Code"]:
            raise
        yield skipped(check, expected, "you may not call iam:SimulatePrincipalPolicy; the deliveries below use the role")
        return
    yield compared(check, expected, ", ".join(wrong) or expected, REMEDY)


def _allowed(deployment: Deployment, role: str, action: str, resource: str) -> bool:
    answer = deployment.client("iam").simulate_principal_policy(
        PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource]
    )
    return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")
