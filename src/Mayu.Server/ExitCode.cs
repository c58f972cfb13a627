namespace Mayu.Server;

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It could not start, or had to end.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;
}
