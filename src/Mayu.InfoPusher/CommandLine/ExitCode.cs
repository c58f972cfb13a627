namespace Mayu.InfoPusher.CommandLine;

/// <summary>What the process ends with; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The server refused the facts; another try would not help.</summary>
    public const int Refused = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The server could not be reached, or failed, at every try.</summary>
    public const int Unreachable = 3;

    /// <summary>The config could not be written.</summary>
    public const int CannotWrite = 4;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
