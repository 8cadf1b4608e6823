"""The simulated Slack: an independent judge that shares no code with slack_sdk and refuses what Slack refuses."""
