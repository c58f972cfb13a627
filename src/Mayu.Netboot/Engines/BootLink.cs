using System.Diagnostics.CodeAnalysis;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;
using Mayu.Netboot.Tftp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Engines;

/// <summary>DHCP and TFTP on one interface.</summary>
internal sealed class BootLink : IAsyncDisposable
{
    private readonly TftpListener? _tftp;
    private readonly RouterSolicitations? _solicitations;

    private BootLink(DhcpService dhcp, TftpListener? tftp, RouterSolicitations? solicitations) => (Dhcp, _tftp, _solicitations) = (dhcp, tftp, solicitations);

    /// <summary>The half of it that is DHCP.</summary>
    public DhcpService Dhcp { get; }

    /// <summary>TFTP transfers that run.</summary>
    public int Transfers => _tftp?.Transfers ?? 0;

    /// <summary>Whether the thread of TFTP has moved since this was asked last.</summary>
    public bool IsTurning() => _tftp?.IsTurning() ?? true;

    /// <summary>Takes ports 67, 69 and 4011. From here on packets queue; <see cref="Run"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="subnets">The subnets whose packets come in there.</param>
    /// <param name="parts">What all links share.</param>
    /// <param name="link">The link.</param>
    /// <param name="problem">Why not, as a sentence that names the port; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, IEnumerable<DhcpSubnet> subnets, BootLinkParts parts,
        [NotNullWhen(true)] out BootLink? link, [NotNullWhen(false)] out string? problem)
    {
        link = null;
        if (!DhcpService.TryOpen(nic, [.. subnets], parts, out var dhcp, out problem))
        {
            return false;
        }

        TftpListener? tftp = null;
        var served = new TftpParts(parts.Engine.Files, parts.Tftp, new TftpMarks(parts.Engine.Trace, parts.Engine.Clients), parts.Engine.Clock);
        if (parts.Tftp.IsEnabled && !TftpListener.TryOpen(nic, served, parts.Engine.Logs.CreateLogger<TftpListener>(), out tftp, out problem))
        {
            dhcp.Dispose();
            return false;
        }

        link = new BootLink(dhcp, tftp, parts.Engine.SolicitationsOn(nic));
        return true;
    }

    /// <summary>Answers until a token ends it; of what waits then for the wire nothing comes any more.</summary>
    /// <param name="draining">Answers nothing new, and ends with the last transfer.</param>
    /// <param name="cancellationToken">Ends all of it at once.</param>
    public IEnumerable<Task> Run(CancellationToken draining, CancellationToken cancellationToken)
    {
        var dhcp = Dhcp.Run(draining);
        foreach (var loop in dhcp)
        {
            yield return loop;
        }

        yield return EndDhcpAsync(dhcp);
        if (_tftp is not null)
        {
            yield return _tftp.RunAsync(draining, cancellationToken);
        }

        if (_solicitations is not null)
        {
            yield return _solicitations.RunAsync(draining);
        }
    }

    private async Task EndDhcpAsync(IEnumerable<Task> loops)
    {
        await Task.WhenAll(loops);
        await Dhcp.EndAsync();
    }

    /// <inheritdoc/>
    /// <remarks>The journal must have ended: it sends answers too.</remarks>
    public async ValueTask DisposeAsync()
    {
        await Dhcp.EndAsync();
        Dhcp.Dispose();
        _tftp?.Dispose();
        _solicitations?.Dispose();
    }
}
