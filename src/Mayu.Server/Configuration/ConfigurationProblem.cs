namespace Mayu.Server.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Where">File and line, environment variable or flag.</param>
/// <param name="Key">The dotted key; empty when the file as a whole is meant.</param>
/// <param name="Message">What is wrong and what would be right.</param>
internal sealed record ConfigurationProblem(string Where, string Key, string Message)
{
    /// <summary>The column in the file, from 1; null where it is not known.</summary>
    public int? Column { get; init; }

    /// <summary>Whether it is that a required key is not there.</summary>
    public bool IsMissing { get; init; }

    // A flag has the key in its name.
    public override string ToString() => Key.Length == 0 || Where.EndsWith($" {Key}", StringComparison.Ordinal) ? $"{Where}: {Message}" : $"{Where}: {Key}: {Message}";
}
