"""What is written in every box of a world, and its measures of time."""

import datetime

WORDS = """Rotting seaweed **smells**, and the beach at Jersie is empty.

- The bay gets too much nitrogen
- Nobody owns it"""
LATER, DAY, MINUTE = datetime.timedelta(days=14), datetime.timedelta(days=1), datetime.timedelta(minutes=1)
