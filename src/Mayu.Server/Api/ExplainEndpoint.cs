using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;
using Mayu.Server.Explain;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary><c>GET /api/v1/explain/{serial or MAC}</c>: what would be answered, and why. Also to who was never seen: that is a question too.</summary>
internal static class ExplainEndpoint
{
    private static readonly string[] Loaders = ["pxe", "http", "ipxe", "grub", "pxelinux"];

    public static void Map(IEndpointRouteBuilder routes, ApiContext api) =>
        routes.MapGet("/api/v1/explain/{serial}", context => AnswerAsync(context, api));

    private static async Task AnswerAsync(HttpContext context, ApiContext api)
    {
        var query = new QueryReader(context.Request.Query);
        var firmware = query.Text("firmware");
        var loader = query.Text("loader");
        var macText = query.Text("mac");
        var uuidText = query.Text("uuid");
        var networkText = query.Text("network");
        if (!await query.AcceptAsync(context) || await WireRequest.SerialAsync(context) is not { } asked)
        {
            return;
        }

        MacAddress otherMac = default;
        Guid otherUuid = default;
        ClientArchitecture architecture = default;
        var problem = firmware is not null && !ClientArchitectureName.TryParse(firmware, out architecture)
                ? $"firmware must be one of: {string.Join(", ", ClientArchitectureName.All.Where(one => !ClientArchitectureName.IsHttp(one)).Select(ClientArchitectureName.Of))}."
            : loader is not null && !Loaders.Contains(loader) ? $"loader must be one of: {string.Join(", ", Loaders)}."
            : macText is not null && !MacAddress.TryParse(macText, out otherMac) ? "mac is no MAC address."
            : networkText is not null && api.Explainer.FindNetwork(networkText) is null
                ? $"network must name an interface, a subnet, a relay or an address of: {string.Join(", ", api.Explainer.Networks.Select(one => one.Name))}."
            : uuidText is not null && !Guid.TryParseExact(uuidText, "D", out otherUuid) ? "uuid is no UUID."
            : null;
        if (problem is not null)
        {
            await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, problem));
            return;
        }

        var (serial, mac) = TraceEndpoints.Resolve(api, asked);
        var machine = serial is { } known ? api.Store.Current.Find(known) : null;
        var nic = macText is not null ? otherMac : mac ?? (serial is { } one ? FirstMac(api, machine, one) : null);
        // Whoever is asked about by a MAC says no serial: who that is follows from what else it says.
        var question = new ExplainQuestion(
            mac is null ? serial : null,
            nic,
            uuidText is not null ? otherUuid : machine?.Uuid,
            firmware is null ? FirmwareOf(machine) : ClientArchitectureName.OverTftp(architecture),
            networkText is not null ? [api.Explainer.FindNetwork(networkText)!] : api.Explainer.NetworksOf(nic));
        await ApiContext.AnswerAsync(context, api.Explainer.Of(question, Asked(loader, question.Architecture)), Contracts.ApiJsonContext.Default.Explanation);
    }

    private static MacAddress? FirstMac(ApiContext api, Machine? machine, Serial serial) =>
        machine is { MacAddresses: [var first, ..] } ? first
        : api.Trace.Find(serial)?.Macs is [.., var last] ? last
        : null;

    // What its facts say; else what most machines are.
    private static ClientArchitecture FirmwareOf(Machine? machine) =>
        machine?.Facts?.Firmware?.Equals("bios", StringComparison.OrdinalIgnoreCase) == true ? ClientArchitecture.BiosX86 : ClientArchitecture.UefiX64;

    private static Func<string, bool> Asked(string? loader, ClientArchitecture architecture)
    {
        var isBios = architecture == ClientArchitecture.BiosX86;
        return loader switch
        {
            "pxe" => mouth => mouth is "dhcp",
            "http" => mouth => mouth is "dhcp-http",
            "ipxe" => mouth => mouth is "dhcp-ipxe" or "ipxe",
            "grub" => mouth => mouth is "grub",
            "pxelinux" => mouth => mouth is "pxelinux",
            // PXELINUX is for BIOS alone, and few BIOSes boot over HTTP.
            _ => mouth => mouth is not ("pxelinux" or "dhcp-http") || isBios == (mouth == "pxelinux"),
        };
    }
}
