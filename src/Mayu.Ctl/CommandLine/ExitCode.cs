using Mayu.Client;

namespace Mayu.Ctl.CommandLine;

/// <summary>What the process ends with; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>It failed, and none of the numbers below says why: the server refused, or a person said no.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or a file that it names, was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The server could not be reached, or does not let this token do it.</summary>
    public const int Unreachable = 3;

    /// <summary>There is no such machine, profile or pin.</summary>
    public const int NotFound = 4;

    /// <summary>The machine's state, or what somebody else changed meanwhile, does not allow it.</summary>
    public const int Conflict = 5;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code that tells of a failure.</summary>
    public static int Of(ApiFailureKind kind) => kind switch
    {
        ApiFailureKind.Settings or ApiFailureKind.Ambiguous => Usage,
        ApiFailureKind.Unreachable or ApiFailureKind.NotMayu or ApiFailureKind.Unauthorized or ApiFailureKind.Forbidden => Unreachable,
        ApiFailureKind.NotFound => NotFound,
        ApiFailureKind.Conflict => Conflict,
        _ => Failed,
    };
}
