using System.Globalization;
using System.Text;
using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Explain;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.ProxyDhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Server.BootHttp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Explain;

/// <summary>
/// The engine <c>builtin</c>: the client's own packet is given to responders like those on the wire, with the configuration, the one brain, a copy of
/// the leases, and nothing else. What they answer, or the mark that they leave, is the explanation.
/// </summary>
/// <param name="boot">The brain and the configuration.</param>
/// <param name="engine">The running engine, for its leases.</param>
internal sealed class ExplainBuiltin(BootContext boot, IBootEngine engine) : IExplainedEngine
{
    private const ushort BootServerPort = 4011;

    private readonly ExplainedAnswers _answers = new(boot.Decisions);

    /// <inheritdoc/>
    public ExplainedAnswer Dhcp(ExplainedNetwork network, ExplainedClient client, bool asProxy)
    {
        var trace = new BootTrace(boot.Clock);
        var reply = new byte[DhcpReply.MaximumLength];
        // The copy of the leases is taken for this one packet: what it is offered, nobody holds.
        IDhcpResponder responder = asProxy ? ProxyAt(network, trace) : ServerAt(network, trace);
        return responder.TryAnswer(client.Discover(network), reply, out var sent) && client.Read(reply.AsSpan(0, sent.Length)) is { } answer
            ? new ExplainedAnswer(true, Describe(answer) + Later(sent))
            : Silence(network, client, trace);
    }

    /// <inheritdoc/>
    public ExplainedAnswer? BootServer(ExplainedNetwork network, ExplainedClient client, bool asProxy)
    {
        var trace = new BootTrace(boot.Clock);
        var reply = new byte[DhcpReply.MaximumLength];
        var sender = new Ipv4(network.Subnet.Broadcast.Value - 1);
        return ProxyAt(network, trace).TryAnswerBootServer(client.BootServerRequest(sender), sender, BootServerPort, reply, out var sent)
            && client.Read(reply.AsSpan(0, sent.Length)) is { } answer
            ? new ExplainedAnswer(true, Describe(answer))
            : Silence(network, client, trace);
    }

    // All that hears the client's interface.
    private List<DhcpSettings> SubnetsAt(ExplainedNetwork network) =>
        [.. ExplainedNetwork.All(boot.Configuration.Netboot.ServedSubnets).Select(one => one.Settings).Where(settings => settings.Interface == network.Settings.Interface)];

    private ProxyResponder ProxyAt(ExplainedNetwork network, BootTrace trace) =>
        new(SubnetsAt(network), _answers, trace, NullLogger<ProxyResponder>.Instance);

    private DhcpResponder ServerAt(ExplainedNetwork network, BootTrace trace)
    {
        var leases = engine.Leases.ToList();
        var scopes = SubnetsAt(network).Select(settings => new DhcpScope(settings, _answers, NoLeaseLog.Instance, boot.Clock)).ToList();
        scopes.ForEach(scope => scope.Restore(leases));
        return new DhcpResponder(scopes, _answers, trace, NoLeaseLog.Instance, NullLogger<DhcpResponder>.Instance);
    }

    private static ExplainedAnswer Silence(ExplainedNetwork network, ExplainedClient client, BootTrace trace) => ExplainedAnswer.Silence(
        network.Settings.Ignored.Contains(client.Mac) ? "the configuration says to ignore this MAC (dhcp.ignore)"
        : trace.Find(client.Mac)?.Hops is [.., var last] ? last.Detail
        : "the packet is not answered");

    private string Describe(DhcpAnswer answer)
    {
        var address = answer.Type == DhcpMessageType.Ack ? "" : answer.Address.IsAny ? "no address, and " : $"an address ({answer.Address} as things stand), and ";
        return address + (answer.BootFile.Length == 0 ? "no boot file"
            : BootFile.IsUrl(answer.BootFile) ? $"the URL {answer.BootFile}"
            : $"the boot file {answer.BootFile} by TFTP from {answer.NextServer} ({FileOf(answer.BootFile)})");
    }

    private static string Later(in DhcpReply sent) =>
        sent.DelayMilliseconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", after {sent.DelayMilliseconds / 1000.0} s (pxe.quirks)");

    private string FileOf(string name)
    {
        if (!boot.Configuration.Netboot.Tftp.IsEnabled)
        {
            return "by a TFTP server of yours: tftp.enabled is false";
        }

        if (!boot.Files.TryOpen(Encoding.ASCII.GetBytes(name), client: default, out var file, out _, out var message))
        {
            return $"missing: {message}";
        }

        using (file)
        {
            return $"{file.Size} bytes";
        }
    }
}
