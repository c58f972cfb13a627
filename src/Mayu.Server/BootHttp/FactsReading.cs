using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Assignment;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.BootHttp;

/// <summary>Turns a machine's report into facts. What is malformed in details is left out; what identifies it must be right.</summary>
internal static class FactsReading
{
    private const int MaxNics = 256;
    private const int MaxDisks = 1024;

    /// <summary>Reads a report.</summary>
    /// <param name="report">What came over the wire.</param>
    /// <param name="rule">What machines are told apart by.</param>
    /// <param name="facts">The facts, when accepted.</param>
    /// <param name="refusal">A sentence for the machine's operator; null when accepted.</param>
    public static bool TryRead(
        Contracts.FactsReport report, IdentityRule rule, [NotNullWhen(true)] out FactsReceived? facts, [NotNullWhen(false)] out string? refusal)
    {
        facts = null;
        if (string.IsNullOrWhiteSpace(report.Serial) && report.Dmi is null)
        {
            refusal = "The facts have no Serial.";
            return false;
        }

        if (report.Disks.Count > MaxDisks)
        {
            refusal = $"The facts have {report.Disks.Count} disks; at most {MaxDisks} are allowed.";
            return false;
        }

        if (!TryReadNics(report, out var nics, out refusal))
        {
            return false;
        }

        ImmutableArray<MacAddress> macs = [.. nics.Where(nic => InterfaceRule.IsOwn(nic.Driver)).Select(MacOf).OfType<MacAddress>().Distinct().Take(OperatorChanges.MaxMacs)];
        var (claims, claimed) = ClaimsOf(report);
        var evidence = rule.Read(claims, macs.IsEmpty ? null : macs[0]) with { AllMacs = macs };
        if (evidence is { Serial: null, Uuid: null, HasMac: false } && claimed is null)
        {
            refusal = "The facts do not identify the machine: there is neither a usable DMI serial, nor a UUID, nor a MAC of the boot interface.";
            return false;
        }

        facts = new FactsReceived
        {
            Evidence = evidence,
            Claimed = claimed,
            Uuid = claims.Uuid,
            MacAddresses = macs,
            ConnectedNic = SharedText.Of(Bounded(report.ConnectedNIC)),
            BmcAddress = Ipv4.TryParse(report.IPMIAddress, out var bmc) ? bmc : null,
            Facts = KeptFacts.Of(report with { NetDevs = nics }),
        };
        return true;
    }

    // A collector that sends the DMI fields has read its own serial there, and says besides what it was told to call itself. The first
    // Mayu's sends its serial alone.
    private static (DmiClaims Claims, Serial? Claimed) ClaimsOf(Contracts.FactsReport report)
    {
        var uuid = UuidOf(report.Uuid) ?? UuidOf(report.Dmi?.Uuid);
        return report.Dmi is { } dmi
            ? (new DmiClaims(dmi.Serial, dmi.BoardSerial, uuid), !Placeholders.IsPlaceholder(report.Serial) && Serial.TryParse(report.Serial, out var claimed, out _) ? claimed : null)
            : (new DmiClaims(report.Serial, null, uuid), null);
    }

    private static Guid? UuidOf(string? text) => Guid.TryParse(text, out var uuid) && !Placeholders.IsPlaceholder(uuid) ? uuid : null;

    // The boot interface first: its MAC is the one that templates match the network on. What is past the limit is left out.
    private static bool TryReadNics(Contracts.FactsReport report, out List<NetDev> nics, [NotNullWhen(false)] out string? refusal)
    {
        nics = [];
        // A modem that speaks IP alone has no address.
        foreach (var nic in report.NetDevs.Where(nic => !string.IsNullOrWhiteSpace(nic.MacAddress)).OrderByDescending(nic => nic.Name == report.ConnectedNIC).Take(MaxNics))
        {
            if (!TryReadAddress(nic.MacAddress, out var address))
            {
                refusal = $"In the facts of {Bounded(report.Serial)} the network interface {Bounded(nic.Name)} has no valid MacAddress.";
                return false;
            }

            nics.Add(nic with { MacAddress = address });
        }

        refusal = null;
        return true;
    }

    // A MAC; or an address of another kind, which is kept and identifies nobody: InfiniBand has twenty octets, a dummy interface zeros.
    private static bool TryReadAddress(string text, out string address)
    {
        const int MaxOctets = 20;
        address = MacAddress.TryParse(text, out var mac) ? mac.ToString() : text.ToLowerInvariant().Replace('-', ':');
        var octets = address.Split(':', MaxOctets + 1);
        return octets.Length is >= 6 and <= MaxOctets && octets.All(octet => octet.Length == 2 && octet.All(char.IsAsciiHexDigitLower));
    }

    private static MacAddress? MacOf(NetDev nic) => MacAddress.TryParse(nic.MacAddress, out var mac) ? mac : null;

    private static string? Bounded(string? text) => CutText.Of(text, KeptFacts.MaxText);
}
