using System.Text;
using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;
using Mayu.Server.BootHttp;
using Mayu.Server.Configuration;
using Mayu.Server.Dhcp;
using Mayu.Server.Dhcp.Proxy;
using Microsoft.Extensions.Logging.Abstractions;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Explain;

/// <summary>
/// What DHCP would answer: the client's own packet is written and given to a DHCP server that has nothing but the configuration and the one
/// brain. What it answers, or the mark that it leaves, is the explanation.
/// </summary>
internal sealed class ExplainDhcp(BootContext boot)
{
    private const int EthernetPayload = 1472;
    private const uint Transaction = 1;

    /// <summary>The mouths that speak DHCP.</summary>
    public IEnumerable<Contracts.ExplainedMouth> Mouths(ExplainQuestion question, Func<string, bool> isAsked)
    {
        foreach (var (name, kind, architecture) in new[]
        {
            ("dhcp", PxeClientKind.Pxe, question.Architecture),
            ("dhcp-http", PxeClientKind.HttpBoot, ClientArchitectureName.OverHttp(question.Architecture)),
            ("dhcp-ipxe", PxeClientKind.Ipxe, question.Architecture),
        })
        {
            if (isAsked(name))
            {
                var (answers, says) = Ask(question, kind, architecture, asProxy: boot.Configuration.Dhcp.Mode == DhcpMode.Proxy);
                yield return new Contracts.ExplainedMouth { Name = name, Answers = answers, Says = says };
            }
        }

        // In mode auto it is the one or the other, by whether another server is there.
        if (isAsked("proxy") && boot.Configuration.Dhcp.Mode == DhcpMode.Auto)
        {
            var (answers, says) = Ask(question, PxeClientKind.Pxe, question.Architecture, asProxy: true);
            yield return new Contracts.ExplainedMouth { Name = "proxy", Answers = answers, Says = says };
        }
    }

    private (bool Answers, string Says) Ask(ExplainQuestion question, PxeClientKind kind, ClientArchitecture architecture, bool asProxy)
    {
        if (question.Mac is not { } mac)
        {
            return (false, "nothing: no MAC of it is known, and DHCP knows clients by theirs");
        }

        if (boot.Configuration.Engine == EngineKind.External || boot.Configuration.Interface is null)
        {
            return (false, "nothing: the engine is external, another DHCP server answers");
        }

        var settings = DhcpSettings.From(boot.Configuration)[0];
        if (settings.Ignored.Contains(mac))
        {
            return (false, "silence: the configuration says to ignore this MAC (dhcp.ignore)");
        }

        var trace = new BootTrace(boot.Clock);
        var responder = ResponderOf(settings, trace, asProxy);
        var client = ClientOf(mac, kind, architecture, question.Uuid);
        var packet = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteDiscover(packet, client, Transaction);
        var reply = new byte[EthernetPayload];
        return responder.TryAnswer(packet.AsSpan(0, length), reply, out var sent)
            && DhcpAnswer.TryRead(reply.AsSpan(0, sent.Length), Transaction, client.HardwareAddress, out var answer)
            ? (true, Describe(answer))
            : (false, $"silence: {(trace.Find(mac)?.Hops is [.., var last] ? last.Detail : "the packet is not answered")}");
    }

    private IDhcpResponder ResponderOf(DhcpSettings settings, BootTrace trace, bool asProxy) => asProxy
        ? new ProxyResponder([settings], boot.Decisions, trace, NullLogger<ProxyResponder>.Instance)
        : new DhcpResponder(
            [new DhcpScope(settings, boot.Decisions, NoLeaseLog.Instance, boot.Clock)], boot.Decisions, trace, NoLeaseLog.Instance, boot.Clock, NullLogger<DhcpResponder>.Instance);

    private static BootClient ClientOf(MacAddress mac, PxeClientKind kind, ClientArchitecture architecture, Guid? uuid)
    {
        Span<byte> octets = stackalloc byte[6];
        mac.CopyTo(octets);
        return new BootClient { HardwareAddress = new HardwareAddress(HardwareAddress.Ethernet, octets), Kind = kind, Architecture = architecture, Uuid = uuid };
    }

    private string Describe(DhcpAnswer answer)
    {
        var address = answer.Address.IsAny ? "no address" : "an address";
        if (answer.BootFile.Length == 0)
        {
            return $"{address}, and no boot file";
        }

        return BootFile.IsUrl(answer.BootFile)
            ? $"{address}, and the URL {answer.BootFile}"
            : $"{address}, and the boot file {answer.BootFile} by TFTP from {answer.NextServer} ({FileOf(answer.BootFile)})";
    }

    private string FileOf(string name)
    {
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
