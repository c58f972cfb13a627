using System.Diagnostics.CodeAnalysis;
using Mayu.InfoPusher.Http;

namespace Mayu.InfoPusher.CommandLine;

/// <summary>The options of <c>infopusher push</c> and <c>infopusher serial</c>.</summary>
internal sealed record PushOptions
{
    private const int MaxTimeoutSeconds = 3600;
    private const int MaxRetries = 1000;

    /// <summary>Where the facts go.</summary>
    public required HttpTarget Target { get; init; }

    /// <summary>What the machine calls itself; null: nothing, the server says it.</summary>
    public string? Serial { get; init; }

    /// <summary>The file to write the config to, or null for the standard output.</summary>
    public string? Output { get; init; }

    /// <summary>The file to write what the server calls the machine to, or null.</summary>
    public string? SerialOutput { get; init; }

    /// <summary>The file that holds the boot token; null: the one of Mayu's initial RAM disk, if it is there.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Time for each try. 1 s to 1 h.</summary>
    /// <value>30 s</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries after the first. 0 to 1000.</summary>
    /// <value>10</value>
    public int Retries { get; init; } = 10;

    /// <summary>Checks the options that were given; when they are wrong, <paramref name="problem"/> says why.</summary>
    public static bool TryRead(
        string command,
        IReadOnlyDictionary<string, string> given,
        [NotNullWhen(true)] out PushOptions? options,
        [NotNullWhen(false)] out string? problem)
    {
        options = null;
        if (!given.TryGetValue("--url", out var url))
        {
            problem = $"{command} requires --url, for example --url http://10.0.0.1:4081/{(command == "serial" ? "serial" : "provisioning-config")}";
            return false;
        }

        if (!HttpTarget.TryParse(url, out var target, out problem))
        {
            problem = "--url " + problem;
            return false;
        }

        var read = new PushOptions { Target = target, Serial = given.GetValueOrDefault("--serial"), Output = given.GetValueOrDefault("--output"), SerialOutput = given.GetValueOrDefault("--serial-output"), TokenFile = given.GetValueOrDefault("--token-file") };
        var (timeout, retries) = ((int)read.Timeout.TotalSeconds, read.Retries);
        problem = Read(given, "--timeout", " of seconds", 1, MaxTimeoutSeconds, ref timeout) ?? Read(given, "--retries", "", 0, MaxRetries, ref retries);
        options = problem is null ? read with { Timeout = TimeSpan.FromSeconds(timeout), Retries = retries } : null;
        return options is not null;
    }

    private static string? Read(IReadOnlyDictionary<string, string> given, string option, string what, int least, int most, ref int number)
    {
        var isRight = !given.TryGetValue(option, out var text) || (int.TryParse(text, out number) && number >= least && number <= most);
        return isRight ? null : $"{option} '{text}' is not a number{what} from {least} to {most}";
    }
}
