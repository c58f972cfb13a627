using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Folders;

/// <summary>What the stores tell.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1, LogLevel.Information, "Opened {Directory} at commit {Commit}: {Machines}, {Quarantined} set aside")]
    public static partial void Opened(this ILogger logger, string directory, string commit, string machines, string quarantined);

    [LoggerMessage(2, LogLevel.Warning, "Record {Name}: {Reason}")]
    public static partial void RecordQuarantined(this ILogger logger, string name, string reason);

    [LoggerMessage(3, LogLevel.Information, "Updated {Records} from the history, beginning with {Path}")]
    public static partial void RecordsRestored(this ILogger logger, string records, string path);

    [LoggerMessage(4, LogLevel.Information, "Imported {Records} edited by hand, beginning with {Name}")]
    public static partial void RecordsTakenOver(this ILogger logger, string records, string name);

    [LoggerMessage(5, LogLevel.Error, "Cannot commit in {Directory}: {Reason}")]
    public static partial void CommitFailed(this ILogger logger, string directory, string reason, Exception? defect);

    [LoggerMessage(6, LogLevel.Error, "Changes are in the history of {Directory}, but not yet in their folders: {Reason}")]
    public static partial void CheckoutFailed(this ILogger logger, string directory, string reason);

    [LoggerMessage(7, LogLevel.Information, "{What} Reading the cluster directory again")]
    public static partial void EditedMeanwhile(this ILogger logger, string what);

    [LoggerMessage(8, LogLevel.Warning, "Cannot update git's index in {Directory}, and until then `git status` shows changes: {Reason}")]
    public static partial void IndexFailed(this ILogger logger, string directory, string reason);

    [LoggerMessage(9, LogLevel.Warning, "Removed {Path}, left behind by a killed process")]
    public static partial void LockRemoved(this ILogger logger, string path);

    [LoggerMessage(10, LogLevel.Information, "Changes in {Directory} are committed again")]
    public static partial void Recovered(this ILogger logger, string directory);

    [LoggerMessage(11, LogLevel.Error, "Cannot use {Directory}: {Reason}")]
    public static partial void LookFailed(this ILogger logger, string directory, string reason, Exception? defect);

    [LoggerMessage(12, LogLevel.Debug, "Packed the objects in {Directory}")]
    public static partial void Packed(this ILogger logger, string directory);

    [LoggerMessage(13, LogLevel.Warning, "Cannot pack the objects in {Directory}: {Reason}")]
    public static partial void PackingFailed(this ILogger logger, string directory, string reason);

    [LoggerMessage(14, LogLevel.Warning, "Cannot push to {Remote}, trying again: {Reason}")]
    public static partial void PushFailed(this ILogger logger, string remote, string reason);

    [LoggerMessage(16, LogLevel.Warning, "{Path} was edited by hand while Mayu changed it; the edit was moved to the rejected files")]
    public static partial void EditSetAside(this ILogger logger, string path);

    [LoggerMessage(15, LogLevel.Information, "Pushes to {Remote} again")]
    public static partial void PushRecovered(this ILogger logger, string remote);
}
