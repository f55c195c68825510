"""How the tests start Java: for seconds, so it translates once and quickly, and tidies up in one thread."""

JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
