using Mayu.Primitives;

namespace Mayu.Server.Decisions;

/// <summary>What is logged of the machines that boot.</summary>
internal static partial class BootLog
{
    [LoggerMessage(1, LogLevel.Warning, "Machine {Serial}: {Hop} failed: {Reason}")]
    public static partial void StepFailed(this ILogger log, Serial serial, string hop, string reason);

    [LoggerMessage(2, LogLevel.Information, "Machine {Serial} boots from the network: {Answer}, because {Reason}")]
    public static partial void Booting(this ILogger log, Serial serial, string answer, string reason);

    [LoggerMessage(5, LogLevel.Information, "The unknown machine with the MAC {Mac} boots from the network: {Answer}, because {Reason}")]
    public static partial void BootingUnknown(this ILogger log, MacAddress mac, string answer, string reason);

    [LoggerMessage(3, LogLevel.Information, "Machine {Serial}: {What}")]
    public static partial void Changed(this ILogger log, Serial serial, string what);

    [LoggerMessage(9, LogLevel.Information, "Machine {Serial}: profile {Profile}, address {Address}")]
    public static partial void Registered(this ILogger log, Serial serial, string? profile, Ipv4? address);

    [LoggerMessage(7, LogLevel.Warning, "A request from {Address} in the name of {Machine} was refused: {Why}")]
    public static partial void TokenRefused(this ILogger log, string machine, string address, string why);

    [LoggerMessage(8, LogLevel.Warning, "The config of machine {Serial} was {Oddness}")]
    public static partial void OddAddress(this ILogger log, Serial serial, string oddness);

    [LoggerMessage(6, LogLevel.Warning, "Machine {Serial} reports changed {What} too often: they are not recorded. If the machine is well, another device uses its serial")]
    public static partial void HeldBack(this ILogger log, Serial serial, string what);
}
