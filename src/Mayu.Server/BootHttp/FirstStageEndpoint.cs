using Mayu.Core.Boot;
using Mayu.Core.Provisioning;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Mayu.Server.BootHttp;

/// <summary>What the discovery system runs: the first-stage script, or the cloud-config that starts it.</summary>
internal sealed class FirstStageEndpoint(BootContext boot)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/first-stage-script/{serial}", (SerialSegment asked, HttpPeer peer) =>
            Answer(asked.Value, peer, "text/x-shellscript; charset=utf-8", boot.Provisioner.At(boot.BootUrlFor(peer)).FirstStageScript));
        routes.MapGet("/first-stage-cloud-config/{serial}", (SerialSegment asked, HttpPeer peer) =>
            Answer(asked.Value, peer, "text/cloud-config; charset=utf-8", boot.Provisioner.At(boot.BootUrlFor(peer)).FirstStageCloudConfig));
        routes.MapGet("/hostinfo-helper", Helper);
    }

    private Results<TextAnswer, Problem> Answer(Serial serial, HttpPeer peer, string contentType, Func<Serial, string> render)
    {
        try
        {
            var script = render(serial);
            boot.Mark(peer, serial, HopKind.FirstStage, "first-stage script");
            return new TextAnswer(script, contentType);
        }
        catch (TemplateException e)
        {
            boot.Failed(peer, serial, "first-stage", e.Message);
            return new Problem(StatusCodes.Status503ServiceUnavailable, "The template cannot be rendered", e.Message);
        }
    }

    private Results<FileAnswer, Problem> Helper(HttpPeer peer)
    {
        if (boot.Configuration.HostinfoHelper is not { } helper)
        {
            return new Problem(StatusCodes.Status404NotFound, "No infopusher here",
                "Set hostinfo_helper in the configuration to the infopusher binary, or put it into the discovery image.");
        }

        try
        {
            return new FileAnswer(SentFile.At(helper), "application/octet-stream", (_, _) => { });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problem = $"the infopusher (hostinfo_helper) cannot be sent: {ClosedPath.Advise(helper) ?? e.Reason()}";
            if (boot.MacOf(peer) is { } mac && boot.Trace.SerialOf(mac) is { } serial)
            {
                boot.Failed(peer, serial, "first-stage", problem);
            }

            return new Problem(StatusCodes.Status404NotFound, "No infopusher here", problem);
        }
    }
}
