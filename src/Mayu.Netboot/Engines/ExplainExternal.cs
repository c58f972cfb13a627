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
        var what = !choice.TryChoose(client.Mac, loader, out var file, out var refusal) ? $"has nothing to tell it: {refusal}"
            : file is null ? "gives it an address"
            : BootFile.IsUrl(file.Name) ? $"has to tell it the URL {file.Name}"
            : $"has to tell it the boot file {file.Name}, and to have that by TFTP";
        var answer = parts.Answers.AnswerFor(client.Mac, loader.Uuid).Answer;
        return new ExplainedAnswer(false, $"nothing from Mayu (engine external): your DHCP server {what} (docs/external.md){Silently(answer)}");
    }

    /// <inheritdoc/>
    public ExplainedAnswer? BootServer(ExplainedNetwork network, ExplainedClient client, bool asProxy) => null;

    // It is not told of the machines' states.
    private static string Silently(BootAnswer answer) =>
        answer.IsSilence ? $". It does so although {answer.Reason}: only the script can say that, so its profile wants localboot: script" : "";
}
