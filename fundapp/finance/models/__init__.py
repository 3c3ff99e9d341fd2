"""Tables of the money."""

from fundapp.finance.models.closing import (
    Certificate,
    CertificateStage,
    PeriodCheck,
    PeriodMove,
    Reopening,
    StatementKind,
)
from fundapp.finance.models.extracts import (
    ExtractBatch,
    ExtractLine,
    ExtractProfile,
    ManualEntry,
    ManualStage,
    SupportCosts,
)
from fundapp.finance.models.published import (
    Annotation,
    PublishedCell,
    PublishedDocument,
)
from fundapp.finance.models.receiving import (
    BankLine,
    BankStatement,
    ChangeKind,
    ChangeStage,
    PledgeChange,
    Receipt,
    Recognition,
    Reminder,
    Settlement,
)
from fundapp.finance.models.spending import (
    Allotment,
    AllotmentLine,
    AllotmentStage,
    Commitment,
    CommitmentMove,
    CommitmentStage,
    CommitmentStep,
    ProjectAccount,
)

__all__ = [
    "Allotment",
    "AllotmentLine",
    "AllotmentStage",
    "Annotation",
    "BankLine",
    "BankStatement",
    "Certificate",
    "CertificateStage",
    "ChangeKind",
    "ChangeStage",
    "Commitment",
    "CommitmentMove",
    "CommitmentStage",
    "CommitmentStep",
    "ExtractBatch",
    "ExtractLine",
    "ExtractProfile",
    "ManualEntry",
    "ManualStage",
    "PeriodCheck",
    "PeriodMove",
    "PledgeChange",
    "ProjectAccount",
    "PublishedCell",
    "PublishedDocument",
    "Receipt",
    "Recognition",
    "Reminder",
    "Reopening",
    "Settlement",
    "StatementKind",
    "SupportCosts",
]
