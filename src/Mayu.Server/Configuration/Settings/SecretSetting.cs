using System.Collections.Immutable;

namespace Mayu.Server.Configuration.Settings;

/// <summary>Where one secret comes from: one of the three.</summary>
/// <param name="Name">Its name in templates.</param>
internal sealed record SecretSetting(string Name)
{
    /// <summary>What stands in a path for the machine's serial, percent-encoded.</summary>
    public const string SerialMark = "{serial}";

    /// <summary>The file that holds it; with <see cref="SerialMark"/>, one for each machine.</summary>
    public string? File { get; init; }

    /// <summary>The environment variable that holds it.</summary>
    public string? Environment { get; init; }

    /// <summary>The program that prints it, and its arguments.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Whether each machine has its own.</summary>
    public bool IsPerMachine => File?.Contains(SerialMark, StringComparison.Ordinal) == true;
}
