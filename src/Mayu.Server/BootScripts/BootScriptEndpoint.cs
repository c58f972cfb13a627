using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Primitives;
using Mayu.Server.BootHttp;

namespace Mayu.Server.BootScripts;

/// <summary>
/// <c>GET /ipxebootscript?serial=&amp;uuid=&amp;mac=&amp;board=&amp;platform=</c>: the boot answer as an iPXE script. <c>GET /serial</c>, with the same
/// words: what who says so is called here, as a line of text.
/// </summary>
internal static class BootScriptEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, BootContext boot)
    {
        routes.MapGet("/ipxebootscript", context => AnswerAsync(context, boot));
        routes.MapGet("/serial", context => NameAsync(context, boot));
    }

    private static Task AnswerAsync(HttpContext context, BootContext boot)
    {
        var query = context.Request.Query;
        if (query.Count == 0)
        {
            return WriteAsync(context, IpxeScript.WhoAreYou(boot.BootUrlFor(context)));
        }

        var evidence = EvidenceOf(boot, query);
        boot.Decisions.Note(evidence);
        var identity = boot.Decisions.Identify(evidence);
        if (boot.Decisions.NameOf(evidence, identity) is not { } name)
        {
            return Nameless(context);
        }

        var answer = boot.Decisions.AnswerFor(identity);
        if (evidence.BootMac is { } nic)
        {
            boot.Trace.Attribute(nic, name);
        }

        boot.Trace.Mark(name, HopKind.Script, $"iPXE script: {answer.Reason}");
        boot.Log.Booting(name, answer.Kind, answer.Reason);
        return WriteAsync(context, Say(boot, boot.BootUrlFor(context), name, evidence.BootMac, query["platform"] == "efi", answer));
    }

    // What the discovery system is to call itself, where its boot loader could not tell.
    private static Task NameAsync(HttpContext context, BootContext boot)
    {
        return boot.Decisions.NameOf(EvidenceOf(boot, context.Request.Query)) is { } name
            ? context.Response.WriteAsync(name.Text + "\n", context.RequestAborted)
            : Nameless(context);
    }

    private static Task Nameless(HttpContext context) => Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "The machine says nothing that identifies it",
        "serial, uuid and mac: there is neither a usable DMI serial, nor a UUID, nor a MAC of the boot interface that no other machine has");

    private static Evidence EvidenceOf(BootContext boot, IQueryCollection query)
    {
        var mac = MacAddress.TryParse(query["mac"].ToString(), out var parsed) ? parsed : (MacAddress?)null;
        var uuid = Guid.TryParseExact(query["uuid"], "D", out var id) ? id : (Guid?)null;
        return boot.Decisions.Rule.Read(new DmiClaims(query["serial"], query["board"], uuid), mac);
    }

    /// <summary>The script of an answer. It touches nothing: <c>explain</c> asks for it too.</summary>
    internal static string Say(BootContext boot, string bootUrl, Serial serial, MacAddress? mac, bool efi, BootAnswer answer)
    {
        var script = new BootScript
        {
            Answer = answer,
            BootUrl = bootUrl,
            Serial = serial,
            BootMac = mac,
            KernelArguments = boot.Configuration.KernelArguments,
        };
        return IpxeScript.Say(script, efi, boot.Configuration.Netboot.Pxe.Menu);
    }

    private static Task WriteAsync(HttpContext context, string script)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(script, context.RequestAborted);
    }
}
