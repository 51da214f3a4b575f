"""Part of `make check`: is template.yaml what CloudFormation and SAM expect, and does SAM make of it what we expect?"""

import account
import consumer_templates
import rollout
import sam
from terminal import main


def run() -> None:
    sam.validate()
    rollout.check()
    account.check()
    consumer_templates.check()


if __name__ == "__main__":
    main(run)
