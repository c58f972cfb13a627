using Mayu.Core.Boot;
using Mayu.Primitives;

namespace Mayu.Server.BootHttp;

/// <summary>What the boot listener logs.</summary>
internal static partial class BootLog
{
    [LoggerMessage(1, LogLevel.Warning, "Machine {Serial}: {Hop} failed: {Reason}")]
    public static partial void StepFailed(this ILogger log, Serial serial, string hop, string reason);

    [LoggerMessage(2, LogLevel.Information, "Machine {Serial} boots from the network: {Answer}, because {Reason}")]
    public static partial void Booting(this ILogger log, Serial serial, BootAnswerKind answer, string reason);

    [LoggerMessage(5, LogLevel.Information, "The unknown machine with the MAC {Mac} boots from the network: {Answer}, because {Reason}")]
    public static partial void BootingUnknown(this ILogger log, MacAddress mac, BootAnswerKind answer, string reason);

    [LoggerMessage(3, LogLevel.Information, "Machine {Serial}: {What}")]
    public static partial void Changed(this ILogger log, Serial serial, string what);

    [LoggerMessage(6, LogLevel.Warning, "Machine {Serial} reports other {What} too often: they are not written down. If the machine is well, somebody else reports in its name")]
    public static partial void HeldBack(this ILogger log, Serial serial, string what);

    // Without the query: it may hold what somebody took for the place of a token.
    [LoggerMessage(7, LogLevel.Debug, "{Method} {Path}")]
    public static partial void Asked(this ILogger log, string method, string path);

    [LoggerMessage(4, LogLevel.Error, "{Path}: the store cannot write: {Reason}")]
    public static partial void StoreUnavailable(this ILogger log, string path, string reason);
}
