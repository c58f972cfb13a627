using System.Diagnostics.CodeAnalysis;
using Mayu.Linux.Files;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Explain;
using Mayu.Netboot.Loaders;

namespace Mayu.Netboot.Engines;

/// <summary>The engine <c>dnsmasq</c>: what the files say that dnsmasq runs with at this moment.</summary>
/// <param name="parts">What the engine works with.</param>
internal sealed class ExplainDnsmasq(EngineParts parts) : IExplainedEngine
{
    private readonly DnsmasqFolder _folder = new(parts.Settings.Dnsmasq.Folder);

    /// <inheritdoc/>
    public ExplainedAnswer Dhcp(ExplainedNetwork network, ExplainedClient client, bool asProxy)
    {
        if (!TryRead(asProxy, out var reading, out var problem))
        {
            return new ExplainedAnswer(false, problem);
        }

        var verdict = reading.Ask(client.DiscoverPacket(network), client.Mac, network.Settings.Interface, network.Subnet);
        var unread = verdict.Unread.IsEmpty ? "" : $". Not considered, but may change it: {string.Join("; ", verdict.Unread)}";
        if (verdict.Silence is { } silence)
        {
            return ExplainedAnswer.Silence($"dnsmasq: {silence}{Because(client)}{unread}");
        }

        var address = verdict.IsProxy ? "no address" : verdict.Address is { } own ? $"the address {own}" : "an address";
        return new ExplainedAnswer(true, $"dnsmasq: {address}, and {BootOf(verdict, network, reading)}{unread}");
    }

    /// <inheritdoc/>
    /// <remarks>dnsmasq has that port as a proxy alone, and says the same there.</remarks>
    public ExplainedAnswer? BootServer(ExplainedNetwork network, ExplainedClient client, bool asProxy) => asProxy ? Dhcp(network, client, asProxy) : null;

    // The file of clients to leave alone is written from the planner's answers: the reason is the planner's.
    private string Because(ExplainedClient client) =>
        parts.Answers.AnswerFor(client.Mac, uuid: null).Answer is { IsSilence: true, Reason: var reason } ? $": {reason}" : "";

    private string BootOf(DnsmasqVerdict verdict, ExplainedNetwork network, DnsmasqReading reading)
    {
        if (verdict.Boot?.Rest is not [{ Length: > 0 } file, .. var where])
        {
            return "no boot file";
        }

        if (BootFile.IsUrl(file))
        {
            return $"the URL {file}";
        }

        var server = where is [_, { Length: > 0 } named, ..] ? named : $"{network.Settings.Network.ServerAddress}";
        return $"the boot file {file} by TFTP from {server} ({SizeOf(reading, file)})";
    }

    private string SizeOf(DnsmasqReading reading, string file)
    {
        if (reading.TftpRoot is { } root)
        {
            var path = Path.Combine(root, file.TrimStart('/'));
            return File.Exists(path) ? $"{SizeOfFile(path)} bytes" : $"missing: {path} is not there";
        }

        return parts.Files.Describe(file);
    }

    private static long SizeOfFile(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: true) is FileInfo target ? target.Length : new FileInfo(path).Length;

    private bool TryRead(bool asProxy, [NotNullWhen(true)] out DnsmasqReading? reading, out string problem)
    {
        (reading, problem) = (null, "");
        try
        {
            var configuration = BoundedFile.ReadText(_folder.ConfigurationOf(asProxy), DnsmasqFolder.LargestFile);
            var hosts = DnsmasqReading.HostsFileOf(configuration);
            reading = new DnsmasqReading(configuration, hosts is null ? "" : BoundedFile.ReadText(hosts, DnsmasqFolder.LargestFile));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"unknown: the files of dnsmasq cannot be read: {e.Message}";
            return false;
        }
    }
}
