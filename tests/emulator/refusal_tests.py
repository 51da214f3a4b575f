"""Is a wrong deployment refused with a sentence, before anything is made? Does one that fails later leave nothing?"""

import subprocess

import environment
import sam
from ministack import Emulator
from places import BUILD
from stack import client
from steps import printed
from terminal import fail, say

STACK_NAME = "usher-refused"
# The parameters, and what has to be said about them.
REFUSED = (
    (("Luma=off", "Lunacal=off", "Allfly=off"), "Every provider is off"),
    (("SlackChannelId=C0123456789",), "Slack needs both SlackWorkspaceId and SlackChannelId"),
    (("RetentionDays=1.5",), "a whole number of days from 1 to 3650"),
    (("VisibilityTimeoutSeconds=0.0",), "a whole number of seconds from 0 to 43200"),
    (("ReservedConcurrency=0",), "off, or a whole number from 1 to 99999"),
)
WITHOUT_FUNCTION_URLS = "eu-south-2"
