namespace Mayu.Netboot.Syslog;

/// <summary>How syslog of machines that boot is received.</summary>
internal sealed record SyslogSettings
{
    /// <summary>The port of syslog over UDP (RFC 5426 §3.3).</summary>
    public const int DefaultPort = 514;

    /// <summary>How many lines a second of one machine are kept, by default.</summary>
    public const int DefaultLines = 20;

    /// <summary>The most lines a second of one machine that can be set.</summary>
    public const int MaxLines = 1000;

    /// <summary>Whether it is.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>The port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>How many lines a second of one machine are kept, 1 to <see cref="MaxLines"/>.</summary>
    public int LinesPerSecond { get; init; } = DefaultLines;
}
