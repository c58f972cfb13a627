using Mayu.Client;

namespace Mayu.Ctl.CommandLine;

/// <summary>What the process ends with; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The server refused, or does not know the machine.</summary>
    public const int Refused = 1;

    /// <summary>The command line, or a file that it names, was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The server could not be reached.</summary>
    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit code that tells of a failure.</summary>
    public static int Of(ApiFailureKind kind) => kind switch
    {
        ApiFailureKind.Settings => Usage,
        ApiFailureKind.Unreachable or ApiFailureKind.NotMayu => Unreachable,
        _ => Refused,
    };
}
