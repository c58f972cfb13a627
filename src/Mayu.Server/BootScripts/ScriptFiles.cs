using System.Text;
using Mayu.Core.Boot;
using Mayu.Netboot.Files;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Server.Auth;
using Mayu.Server.Decisions;

namespace Mayu.Server.BootScripts;

/// <summary>What <see cref="ScriptRenderer"/> makes, as files that are served by TFTP and, below <c>/loaders/</c>, by HTTP; each script leaves its mark.</summary>
internal sealed class ScriptFiles(ScriptRenderer scripts, PointerInitrds pointers, BootTokens tokens, BootTrace trace, ClientTable clients, ILogger log) : IFileSource
{
    /// <inheritdoc/>
    public FoundFile Find(string name, Ipv4 client, bool isServed)
    {
        if (BootInitrds.TokenOf(name) is { } token)
        {
            return pointers.Find(token, scripts.BootUrlFor(client), isServed) is { } initrd ? new FoundFile(initrd, null) { ShownName = BootInitrds.FileName } : default;
        }

        if (ScriptName.IsPxelinux(name))
        {
            if (isServed)
            {
                clients.NotePxelinux(client);
            }

            return default;
        }

        if (scripts.Render(name, client, isServed ? tokens : BootTokenPlaceholder.AsLong) is not { } script)
        {
            return scripts.PathOf(name) is { } path ? FoundFile.At(path) : default;
        }

        if (isServed && script.Answer is { } answer)
        {
            Mark(script, answer, client);
        }

        return new FoundFile(Encoding.UTF8.GetBytes(script.Text), null);
    }

    // Of a machine that nobody knows, only what a client of ours asks for is remembered: anybody can make names up.
    private void Mark(RenderedScript script, BootAnswer answer, Ipv4 client)
    {
        var detail = $"{(script.Language == ScriptLanguage.Grub ? "GRUB" : "PXELINUX")} configuration: {answer.Reason}";
        if (script.Serial is { } known)
        {
            trace.Mark(known, answer.ScriptHop, detail, mac: clients.Find(client));
            log.Booting(known, answer.Name, answer.Reason);
        }
        else if (clients.Find(client) is { } nic)
        {
            trace.Mark(nic, answer.ScriptHop, detail);
            log.BootingUnknown(nic, answer.Name, answer.Reason);
        }
    }
}
