using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.BootScripts;
using Mayu.Server.Decisions;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Mayu.Server.BootHttp;

/// <summary>
/// <c>GET /ipxebootscript?serial=&amp;uuid=&amp;mac=&amp;board=&amp;platform=</c>: the boot answer as an iPXE script. <c>GET /serial</c>, with the same
/// words: what who says so is called here, as a line of text.
/// </summary>
internal sealed class BootScriptEndpoint(BootContext boot)
{
    private static readonly HopPhrase Scripted = (in HopDetail detail) => $"iPXE script: {detail.Text}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ipxebootscript", Script);
        routes.MapGet("/serial", Name);
    }

    private Results<TextAnswer, Problem> Script(LoaderClaims claims, HttpPeer peer)
    {
        var bootUrl = boot.BootUrlFor(peer);
        if (claims.IsEmpty)
        {
            return TextOf(IpxeScript.WhoAreYou(bootUrl));
        }

        var evidence = EvidenceOf(claims);
        if (!peer.IsHead)
        {
            boot.Decisions.Note(evidence);
        }

        var identity = boot.Decisions.Identify(evidence);
        if (boot.Decisions.NameOf(evidence, identity) is not { } name)
        {
            return Nameless();
        }

        var answer = boot.Decisions.AnswerFor(identity);
        if (!peer.IsHead)
        {
            Mark(name, evidence.BootMac, answer, boot.Oddness(peer, boot.Store.Current.Find(name)));
        }

        var script = boot.Scripts.Script(
            bootUrl, new ScriptClient(name, evidence.BootMac, peer.Address ?? default), answer, peer.IsHead ? BootTokenPlaceholder.AsLong : boot.Tokens);
        return TextOf(IpxeScript.Render(script, claims.IsEfi, boot.Configuration.Netboot.Pxe.Menu));
    }

    private void Mark(Serial name, MacAddress? bootMac, BootAnswer answer, string? oddness)
    {
        if (bootMac is { } nic)
        {
            boot.Trace.Attribute(nic, name);
        }

        boot.Trace.Mark(
            name, answer.ScriptHop, oddness is null ? new HopDetail(Scripted) { Text = answer.Reason } : $"iPXE script: {answer.Reason}{oddness}", mac: bootMac);
        boot.Log.Booting(name, answer.Name, answer.Reason);
    }

    // What the discovery system is to call itself, where its boot loader could not tell.
    private Results<TextAnswer, Problem> Name(LoaderClaims claims) =>
        boot.Decisions.NameOf(EvidenceOf(claims)) is { } name ? new TextAnswer(name.Text + "\n") : Nameless();

    private Evidence EvidenceOf(LoaderClaims claims) => boot.Decisions.Rule.Read(claims.Dmi, claims.Mac);

    private static TextAnswer TextOf(string script) => new(script, "text/plain; charset=utf-8");

    private static Problem Nameless() => new(StatusCodes.Status400BadRequest, "The machine sent nothing that identifies it",
        "serial, uuid and mac: there is neither a usable DMI serial, nor a UUID, nor a MAC of the boot interface that no other machine has");
}

/// <summary>What a boot loader says of its machine in a query. What it says and is none counts as not said.</summary>
internal sealed record LoaderClaims(DmiClaims Dmi, MacAddress? Mac, bool IsEfi, bool IsEmpty)
{
    public static ValueTask<LoaderClaims?> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var mac = MacAddress.TryParse(query["mac"].ToString(), out var parsed) ? parsed : (MacAddress?)null;
        var uuid = Guid.TryParseExact(query["uuid"], "D", out var id) ? id : (Guid?)null;
        var claims = new DmiClaims(TextOf(context.Request, "serial"), TextOf(context.Request, "board"), uuid);
        return ValueTask.FromResult<LoaderClaims?>(new(claims, mac, query["platform"] == "efi", query.Count == 0));
    }

    private static string? TextOf(HttpRequest request, string name)
    {
        foreach (var field in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (!UrlText.IsUtf8(field.EncodedValue.ToString()) && field.DecodeName().Span.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        return request.Query[name];
    }
}
