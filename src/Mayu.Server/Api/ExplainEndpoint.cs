using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;
using Mayu.Server.Access;
using Mayu.Server.Api.Machines;
using Mayu.Server.Api.Queries;
using Mayu.Server.Auth;
using Mayu.Server.Explain;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary><c>GET /api/v1/explain/{serial or MAC}</c>: what would be answered, and why. Also to who was never seen: that is a question too.</summary>
internal sealed class ExplainEndpoint(Explainer explainer, MachineDirectory directory, IMachineStore store, BootTrace trace)
{
    private static readonly string[] Loaders = ["pxe", "http", "ipxe", "grub", "pxelinux"];

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/explain/{serial}", Answer).For(Role.Viewer)
        .WithName("explain").WithSummary("What each protocol of the server would answer a machine now, and why. A MAC works in the place of the serial, also one that was never seen.");

    private Results<Ok<Contracts.Explanation>, Problem> Answer(Query<ClientQuery> query, SerialSegment asked)
    {
        var (firmware, loader, macText, uuidText, networkText) = query.Value;
        MacAddress otherMac = default;
        Guid otherUuid = default;
        ClientArchitecture architecture = default;
        var problem = firmware is not null && !ClientArchitectureName.TryParse(firmware, out architecture)
                ? $"firmware must be one of: {string.Join(", ", ClientArchitectureName.All.Where(one => !ClientArchitectureName.IsHttp(one)).Select(ClientArchitectureName.Of))}."
            : loader is not null && !Loaders.Contains(loader) ? $"loader must be one of: {string.Join(", ", Loaders)}."
            : macText is not null && !MacAddress.TryParse(macText, out otherMac) ? "mac is not a MAC address."
            : networkText is not null && explainer.FindNetwork(networkText) is null
                ? $"network must name an interface, a subnet, a relay or an address of: {string.Join(", ", explainer.Networks.Select(one => one.Name))}."
            : uuidText is not null && !Guid.TryParseExact(uuidText, "D", out otherUuid) ? "uuid is not a UUID."
            : null;
        if (problem is not null)
        {
            return Problem.Invalid(problem);
        }

        var (serial, mac) = directory.Resolve(asked.Value);
        var machine = serial is { } known ? store.Current.Find(known) : null;
        var nic = macText is not null ? otherMac : mac ?? (serial is { } one ? FirstMac(machine, one) : null);
        // Whoever is asked about by a MAC says no serial: who that is follows from what else it says.
        var question = new ExplainQuestion(
            mac is null ? serial : null,
            nic,
            uuidText is not null ? otherUuid : machine?.Uuid,
            firmware is null ? FirmwareOf(machine) : ClientArchitectureName.OverTftp(architecture),
            networkText is not null ? [explainer.FindNetwork(networkText)!] : explainer.NetworksOf(nic));
        return TypedResults.Ok(explainer.Of(question, Asked(loader, question.Architecture)) with { NeverSeen = machine is null && !WasSeen(serial, nic) });
    }

    private bool WasSeen(Serial? serial, MacAddress? mac) =>
        (serial is { } name && trace.Find(name) is not null) || (mac is { } nic && trace.Find(nic) is not null);

    private MacAddress? FirstMac(Machine? machine, Serial serial) =>
        machine is { MacAddresses: [var first, ..] } ? first
        : trace.Find(serial)?.Macs is [.., var last] ? last
        : null;

    // What its facts say; else what most machines are.
    private static ClientArchitecture FirmwareOf(Machine? machine) =>
        machine?.Facts?.Firmware?.Equals("bios", StringComparison.OrdinalIgnoreCase) == true ? ClientArchitecture.BiosX86 : ClientArchitecture.UefiX64;

    private static Func<string, bool> Asked(string? loader, ClientArchitecture architecture)
    {
        var isBios = architecture == ClientArchitecture.BiosX86;
        return loader switch
        {
            "pxe" => protocol => protocol is "dhcp",
            "http" => protocol => protocol is "dhcp-http",
            "ipxe" => protocol => protocol is "dhcp-ipxe" or "ipxe",
            "grub" => protocol => protocol is "grub",
            "pxelinux" => protocol => protocol is "pxelinux",
            // PXELINUX is for BIOS alone, and few BIOSes boot over HTTP.
            _ => protocol => protocol is not ("pxelinux" or "dhcp-http") || isBios == (protocol == "pxelinux"),
        };
    }

    internal sealed record ClientQuery(string? Firmware, string? Loader, string? Mac, string? Uuid, string? Network) : IQuery<ClientQuery>
    {
        public static ClientQuery Read(QueryReader query) =>
            new(
                query.Text("firmware", about: ("The firmware: bios, uefi-x64 and so on. Default: what the machine's facts say.", "uefi-x64")),
                query.Text("loader", about: ($"The program that asks: {string.Join(", ", Loaders)}. Default: all that the firmware may start.", "ipxe")),
                query.Text("mac", about: ("Another MAC than the machine's first one.", "52:54:00:00:00:01")),
                query.Text("uuid", about: ("Another UUID than the machine's.", "6ba7b810-9dad-11d1-80b4-00c04fd430c8")),
                query.Text("network", about: ("Where it boots: an interface of the server, a subnet, a relay, or an address. Default: where it was seen last.", "eth1")));
    }
}
