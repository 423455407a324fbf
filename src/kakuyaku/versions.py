"""The versions that published data carries."""

SCHEMA_VERSION = "1.0"  # of schemas/: additive changes raise the second figure, others the first
CLEANER_VERSION = "0.6.0"  # of the decisions of kakuyaku.cleaning: raised when any kept text can change
GUIDELINE_VERSIONS = ("1.1", "1.2")  # the guidelines that annotations of this project may follow
SPLIT_POLICY = "1.0"  # of the rule in kakuyaku.splits that proposes a split
