using System.Globalization;
using Mayu.Netboot.Tftp;
using Mayu.Protocols.Tftp;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>tftp</c>, and <c>tftp_root</c>.</summary>
internal static class TftpSchema
{
    private const int LargestWindow = 512;

    /// <summary>Asks for every key.</summary>
    public static (string? Root, TftpSettings Settings) Bind(ConfigurationSection root) => (
        root.Optional<string?>("tftp_root", "folder", "Files served by TFTP, before the boot loaders of Debian's packages.", Parse.Text!, null, "none"),
        Bind(root.Section("tftp"), new TftpSettings()));

    private static TftpSettings Bind(ConfigurationSection section, TftpSettings standard)
    {
        var settings = new TftpSettings
        {
            IsEnabled = section.Optional("enabled", "`true` or `false`", "Whether TFTP is served. Without it something else must bring the boot loaders.", Parse.Flag, true, "true"),
            SinglePort = section.Optional("single_port", "`true` or `false`",
                "Whether files come from port 69 as well, for machines behind NAT or a firewall; otherwise from other ports, as RFC 1350 has it.", Parse.Flag, false, "false"),
            MaximumBlockSize = section.Optional<int?>("max_block_size", "number", "The largest block, 8 to 65464 bytes: for a way to the machines that takes less than the interface.",
                Parse.Nullable(Parse.Number(TftpRequestedOptions.MinimumBlockSize, TftpRequestedOptions.MaximumBlockSize)), null, "the interface's MTU less 32"),
            MaximumWindowSize = Count(section, "max_window_size", $"The most blocks that are sent before an ACK must come (RFC 7440), 1 to {LargestWindow}; 1 sends block by block.",
                LargestWindow, standard.MaximumWindowSize),
            MaximumTransfers = Count(section, "max_transfers", "Transfers at once. Beyond it the oldest that never got an answer gives way, else the one that was silent for the longest, a second at least; else a new one is refused.",
                100_000, standard.MaximumTransfers),
            MaximumTransfersPerClient = Count(section, "max_transfers_per_client", "Transfers at once of one address, of which the silent ones give way; more for machines that share one behind NAT.",
                100_000, standard.MaximumTransfersPerClient),
            IdleTimeout = section.Optional("idle_timeout", "time", "How long a client may acknowledge nothing before its transfer ends, 2s to 10m.",
                Parse.Time("2s", "10m"), standard.IdleTimeout, "30s"),
            MaximumDuration = section.Optional("max_duration", "time", "The longest that one transfer may take, 1m to 24h.",
                Parse.Time("1m", "24h"), standard.MaximumDuration, "30m"),
        };
        section.Close();
        return settings;
    }

    private static int Count(ConfigurationSection section, string key, string doc, int most, int standard) =>
        section.Optional(key, "number", doc, Parse.Number(1, most), standard, standard.ToString(CultureInfo.InvariantCulture));
}
