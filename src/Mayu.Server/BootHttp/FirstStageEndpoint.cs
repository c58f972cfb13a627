using Mayu.Core.Boot;
using Mayu.Core.Provisioning;
using Mayu.Primitives;

namespace Mayu.Server.BootHttp;

/// <summary>What the discovery system runs: the first-stage script, or the cloud-config that starts it.</summary>
internal static class FirstStageEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, BootContext boot)
    {
        routes.MapGet("/first-stage-script/{serial}", context =>
            AnswerAsync(context, boot, "text/x-shellscript; charset=utf-8", boot.ProvisionerFor(context).FirstStageScript));
        routes.MapGet("/first-stage-cloud-config/{serial}", context =>
            AnswerAsync(context, boot, "text/cloud-config; charset=utf-8", boot.ProvisionerFor(context).FirstStageCloudConfig));
        routes.MapGet("/hostinfo-helper", context => HelperAsync(context, boot));
    }

    private static async Task AnswerAsync(HttpContext context, BootContext boot, string contentType, Func<Serial, string> render)
    {
        if (await WireRequest.SerialAsync(context) is not { } serial)
        {
            return;
        }

        string script;
        try
        {
            script = render(serial);
        }
        catch (TemplateException e)
        {
            boot.Failed(serial, "first-stage", e.Message);
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The template cannot be rendered", e.Message);
            return;
        }

        boot.Trace.Mark(serial, HopKind.FirstStage, "first-stage script");
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(script, context.RequestAborted);
    }

    private static Task HelperAsync(HttpContext context, BootContext boot) =>
        boot.Configuration.HostinfoHelper is { } helper && File.Exists(helper)
            ? FileAnswer.SendAsync(context, helper, "application/octet-stream", (_, _) => { })
            : Problems.WriteAsync(context, StatusCodes.Status404NotFound, "No infopusher here",
                "Set hostinfo_helper in the configuration to the infopusher binary, or put it into the discovery image.");
}
