using System.Text;
using System.Text.Json;
using Mayu.Bench.Network;
using Mayu.Client.Contracts;
using Mayu.Lab;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Bench.Smoke;

/// <summary>
/// All that one machine and its server say to each other between the iPXE that firmware loaded and <c>running</c>, in the
/// order of iPXE and <c>templates/first_stage_script.sh</c>. Kernel, initial RAM disk and image are left out: they would
/// measure the cable; but for the small one that carries the boot token.
/// </summary>
internal sealed class Conversation(BenchNetwork network, DhcpClientPort dhcp, SimulatedMachine machine)
{
    private const long ImageSize = 1 << 30;
    private static readonly byte[] NoBody = [];

    /// <summary>Holds it, from the first packet to the last answer.</summary>
    /// <exception cref="LabException">An answer was lost or wrong; the message names the machine and the step.</exception>
    public async Task<Answers> HoldAsync(CancellationToken cancellation)
    {
        var step = "DHCP";
        try
        {
            var lease = await LeaseAsync(cancellation);
            using var http = new MachineHttp(network, lease.ClientAddress);
            var server = new Uri(lease.BootFile).GetLeftPart(UriPartial.Authority);

            step = "boot script";
            var chain = await http.GetAsync(lease.BootFile, cancellation);
            var boot = await http.GetAsync(FollowChain(Encoding.UTF8.GetString(chain)), cancellation);
            step = "boot token";
            var (initrd, token) = TokenIn(Encoding.UTF8.GetString(boot));
            var cpio = await http.GetAsync(initrd, cancellation);
            http.Token = token;
            step = "first-stage script";
            var firstStage = await http.GetAsync($"{server}/first-stage-script/{machine.Serial}", cancellation);
            await http.GetAsync($"{server}/ipxebootscript", cancellation);
            step = "config";
            var config = await http.PostAsync(
                $"{server}/provisioning-config", JsonSerializer.SerializeToUtf8Bytes(machine.Facts, BootJsonContext.Default.FactsReport), cancellation);
            var plan = await http.GetAsync($"{server}/install-plan/{machine.Serial}", cancellation);
            step = "callbacks";
            await ReportAsync(http, server, cancellation);
            return new Answers(chain, boot, cpio, firstStage, config, plan);
        }
        catch (Exception wrong) when (wrong is LabException or UriFormatException)
        {
            throw new LabException($"{machine.Serial}, {step}: {wrong.Message}", wrong);
        }
    }

    private async Task<DhcpLease> LeaseAsync(CancellationToken cancellation)
    {
        uint transaction = 0xBE0_0000u + machine.Number;
        var packet = new byte[BootClientWriter.Size];
        var length = BootClientWriter.WriteDiscover(packet, machine.Client, transaction);
        var answer = await dhcp.AskAsync(transaction, packet.AsMemory(0, length), cancellation);
        var offer = DhcpLease.Read(machine, transaction, answer, DhcpMessageType.Offer);
        length = BootClientWriter.WriteRequest(packet, machine.Client, transaction, offer.Address, offer.Server);
        answer = await dhcp.AskAsync(transaction, packet.AsMemory(0, length), cancellation);
        var lease = DhcpLease.Read(machine, transaction, answer, DhcpMessageType.Ack);
        return lease.Address == offer.Address ? lease : throw new LabException($"{offer.Address} was offered, {lease.Address} acknowledged");
    }

    /// <summary>As iPXE does: takes the first word after <c>chain --replace</c>, with its own variables filled in.</summary>
    private string FollowChain(string script)
    {
        const string Command = "chain --replace ";
        var line = script.Split('\n').FirstOrDefault(line => line.StartsWith(Command, StringComparison.Ordinal))
            ?? throw new LabException($"the script has no line with {Command}:\n{script}");
        return line[Command.Length..].Split(' ')[0]
            .Replace("${serial:uristring}", machine.Serial, StringComparison.Ordinal)
            .Replace("${uuid}", machine.Uuid.ToString("D"), StringComparison.Ordinal)
            .Replace("${netX/mac:hexhyp}", machine.MacWithHyphens, StringComparison.Ordinal)
            .Replace("${buildarch:uristring}", "x86_64", StringComparison.Ordinal)
            .Replace("${platform:uristring}", "efi", StringComparison.Ordinal);
    }

    /// <summary>The initial RAM disk that carries the boot token, and the token, which its URL tells as well.</summary>
    private static (string Url, string Token) TokenIn(string script)
    {
        const string Command = "initrd ";
        var url = script.Split('\n').FirstOrDefault(line => line.StartsWith(Command, StringComparison.Ordinal))?[Command.Length..].Split(' ')[0];
        return url?.Split('/') is [.., "boot", var token, _] ? (url, token) : throw new LabException($"the script has no boot token:\n{script}");
    }

    private async Task ReportAsync(MachineHttp http, string server, CancellationToken cancellation)
    {
        var callbacks = $"{server}/callbacks/{machine.Serial}";
        foreach (var done in new[] { 0, ImageSize })
        {
            var progress = new ProgressReport { What = "writing the image", Done = done, Total = ImageSize };
            await http.PostAsync($"{callbacks}/progress", JsonSerializer.SerializeToUtf8Bytes(progress, BootJsonContext.Default.ProgressReport), cancellation);
        }

        await http.PostAsync($"{callbacks}/installed", NoBody, cancellation);
        var complete = new BootCompleteReport { Versions = new Dictionary<string, string>(StringComparer.Ordinal) { ["OS"] = "Bench 1.0", ["Kernel"] = "6.1" } };
        await http.PostAsync($"{callbacks}/boot_complete", JsonSerializer.SerializeToUtf8Bytes(complete, BootJsonContext.Default.BootCompleteReport), cancellation);
    }
}
