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
        root.Optional<string?>("tftp_root", "folder", "The folder of the files that TFTP serves. They take precedence over the boot loaders of Debian's packages.", Parse.Text!, null, "none"),
        Bind(root.Section("tftp"), new TftpSettings()));

    private static TftpSettings Bind(ConfigurationSection section, TftpSettings standard)
    {
        var settings = new TftpSettings
        {
            IsEnabled = section.Optional("enabled", "`true` or `false`", "Whether Mayu serves TFTP. If `false`, another server must provide the boot loaders.", Parse.Flag, true, "true"),
            SinglePort = section.Optional("single_port", "`true` or `false`",
                "Whether files are sent from port 69 too, for machines behind NAT or a firewall. By default they are sent from other ports (RFC 1350).", Parse.Flag, false, "false"),
            MaximumBlockSize = section.Optional<int?>("max_block_size", "number", "The largest block, 8 to 65464 bytes. Set it if the path to the machines has a smaller MTU than the interface.",
                Parse.Nullable(Parse.Number(TftpRequestedOptions.MinimumBlockSize, TftpRequestedOptions.MaximumBlockSize)), null, "the interface's MTU minus 32"),
            MaximumWindowSize = Count(section, "max_window_size", $"The most blocks that are sent before an ACK is needed (RFC 7440), 1 to {LargestWindow}. With 1, each block waits for its ACK.",
                LargestWindow, standard.MaximumWindowSize),
            MaximumTransfers = Count(section, "max_transfers", "Most transfers at once. Beyond it a new transfer replaces the oldest whose client never answered; else the one that was idle for the longest time, if that is at least a second; else the new one is refused.",
                100_000, standard.MaximumTransfers),
            MaximumTransfersPerClient = Count(section, "max_transfers_per_client", "Most transfers at once to one address; beyond it a new transfer replaces an idle one. Raise it if machines share one address behind NAT.",
                100_000, standard.MaximumTransfersPerClient),
            IdleTimeout = section.Optional("idle_timeout", "time", "How long a client may send no ACK before its transfer is ended, 2s to 10m.",
                Parse.Time("2s", "10m"), standard.IdleTimeout, "30s"),
            MaximumDuration = section.Optional("max_duration", "time", "The longest time that one transfer may take, 1m to 24h.",
                Parse.Time("1m", "24h"), standard.MaximumDuration, "30m"),
        };
        section.Close();
        return settings;
    }

    private static int Count(ConfigurationSection section, string key, string doc, int most, int standard) =>
        section.Optional(key, "number", doc, Parse.Number(1, most), standard, standard.ToString(CultureInfo.InvariantCulture));
}
