using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Addresses;
using Mayu.Server.Dhcp;
using Mayu.Server.Tftp;

namespace Mayu.Server.Wire;

/// <summary>DHCP and TFTP on one interface.</summary>
internal sealed class BootLink : IAsyncDisposable
{
    private readonly DhcpResponder _responder;
    private readonly DhcpListener _dhcp;
    private readonly TftpListener _tftp;

    private BootLink(DhcpResponder responder, DhcpListener dhcp, TftpListener tftp) => (_responder, _dhcp, _tftp) = (responder, dhcp, tftp);

    /// <summary>Takes ports 67 and 69. From here on packets queue; <see cref="RunAsync"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="subnets">The subnets whose packets come in there.</param>
    /// <param name="parts">What all links share.</param>
    /// <param name="link">The link.</param>
    /// <param name="problem">Why not, as a sentence that names the port; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, IEnumerable<DhcpSettings> subnets, BootLinkParts parts,
        [NotNullWhen(true)] out BootLink? link, [NotNullWhen(false)] out string? problem)
    {
        link = null;
        var scopes = subnets.Select(subnet => new DhcpScope(subnet with { BlockSizes = parts.BlockSizes }, parts.Answers, parts.Journal, parts.Clock)
        {
            Probe = subnet.Relays.Count == 0 ? parts.ProbeOn(nic) : parts.RelayedProbe,
        }).ToList();
        scopes.ForEach(scope => scope.Restore(parts.Journal.Restored));
        var responder = new DhcpResponder(scopes, parts.Answers, parts.Trace, parts.Journal, parts.Clock, parts.Logs.CreateLogger<DhcpResponder>());
        if (!DhcpListener.TryOpen(nic, responder, parts.Journal, parts.Logs.CreateLogger<DhcpListener>(), out var dhcp, out problem))
        {
            return false;
        }

        var (settings, marks) = (new TftpSettings { Quirks = parts.BlockSizes }, new TftpMarks(parts.Trace, parts.Addresses.Find));
        if (!TftpListener.TryOpen(nic, parts.Files, settings, marks, parts.Clock, parts.Logs.CreateLogger<TftpListener>(), out var tftp, out problem))
        {
            dhcp.Dispose();
            return false;
        }

        parts.Journal.Add(responder.Records);
        parts.Journal.WhenDurable(dhcp.Release);
        link = new BootLink(responder, dhcp, tftp);
        return true;
    }

    /// <summary>Whose an address is at present. Safe from any thread.</summary>
    public MacAddress? FindClient(Ipv4 address) => _responder.FindClient(address);

    /// <summary>Answers until the token ends it; of what waits then for the wire nothing comes any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_dhcp.RunAsync(cancellationToken), _tftp.RunAsync(cancellationToken));
        await _responder.DisposeAsync();
    }

    /// <inheritdoc/>
    /// <remarks>The journal must have ended: it sends answers too.</remarks>
    public async ValueTask DisposeAsync()
    {
        await _responder.DisposeAsync();
        _dhcp.Dispose();
        _tftp.Dispose();
    }
}
