"""What works in the process beside its edges: the writer, bulk settlements, file jobs, what is done now and then."""

from ingestion_service.worker.file_jobs import FileJobs, JobOptions
from ingestion_service.worker.file_run import JobParts
from ingestion_service.worker.group_commit import GroupCommit, OpenTransaction, WriterOptions

__all__ = ["FileJobs", "GroupCommit", "JobOptions", "JobParts", "OpenTransaction", "WriterOptions"]
