using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Explain;
using Mayu.Netboot.Loaders;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Engines;

/// <summary>The engine <c>external</c>: nothing of DHCP is answered here. What the other server has to say is what the builtin one would choose.</summary>
/// <param name="parts">What the engine works with.</param>
internal sealed class ExplainExternal(EngineParts parts) : IExplainedEngine
{
    /// <inheritdoc/>
    public ExplainedAnswer Dhcp(ExplainedNetwork network, ExplainedClient client, bool asProxy)
    {
        var loader = PxeClientInfo.Read(client.DiscoverPacket(network));
        var choice = new BootFileChoice(network.Settings.Pxe, network.Settings.BootUrl);
        var what = !choice.TryChoose(client.Mac, loader, out var file, out var refusal) ? $"has nothing to send: {refusal}"
            : file is null ? "gives it an address"
            : BootFile.IsUrl(file.Name) ? $"has to send it the URL {file.Name}"
            : $"has to send it the boot file {file.Name}, and to serve that file by TFTP";
        var answer = parts.Answers.AnswerFor(client.Mac, loader.Uuid).Answer;
        return new ExplainedAnswer(false, $"nothing from Mayu (engine external): your DHCP server {what} (docs/external.md){Silently(answer)}");
    }

    /// <inheritdoc/>
    public ExplainedAnswer? BootServer(ExplainedNetwork network, ExplainedClient client, bool asProxy) => null;

    // It is not told of the machines' states.
    private static string Silently(BootAnswer answer) => answer.Kind switch
    {
        BootAnswerKind.LocalDisk => ". That server answers every machine, so localboot: silent cannot work: set localboot: script in its profile, and the boot script starts its disk",
        BootAnswerKind.Ignore => $". That server answers every machine, this one too ({answer.Reason}); the boot script leaves it to its own disk",
        _ => "",
    };
}
