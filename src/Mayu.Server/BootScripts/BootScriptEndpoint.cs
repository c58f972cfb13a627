using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Core.Machines;

using Mayu.Server.BootHttp;

namespace Mayu.Server.BootScripts;

/// <summary><c>GET /ipxebootscript</c>: the boot answer as an iPXE script.</summary>
internal static class BootScriptEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, BootContext boot) =>
        routes.MapGet("/ipxebootscript", context => AnswerAsync(context, boot));

    private static Task AnswerAsync(HttpContext context, BootContext boot)
    {
        var query = context.Request.Query;
        var mac = MacAddress.TryParse(query["mac"].ToString(), out var parsed) ? parsed : (MacAddress?)null;
        var uuid = Guid.TryParseExact(query["uuid"], "D", out var id) ? id : (Guid?)null;
        if (query.Count == 0)
        {
            return WriteAsync(context, IpxeScript.WhoAreYou(boot.BootUrlFor(context)));
        }

        if (!MachineIdentity.TryDetermine(query["serial"], uuid, mac, out var serial, out var refusal))
        {
            return Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "The machine says nothing that identifies it", $"serial, uuid and mac: {refusal}");
        }

        var answer = boot.Decisions.AnswerFor(serial, mac, uuid);
        if (mac is { } nic && !answer.IsForAnother)
        {
            boot.Trace.Link(nic, serial);
        }

        boot.Trace.Mark(serial, HopKind.Script, $"iPXE script: {answer.Reason}");
        boot.Log.Booting(serial, answer.Kind, answer.Reason);
        return WriteAsync(context, Say(boot, boot.BootUrlFor(context), serial, mac, query["platform"] == "efi", answer));
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
        return IpxeScript.Say(script, efi, boot.Configuration.Pxe.Menu);
    }

    private static Task WriteAsync(HttpContext context, string script)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(script, context.RequestAborted);
    }
}
