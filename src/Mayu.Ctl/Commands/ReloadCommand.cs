using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl reload</c>: the server reads its configuration file again.</summary>
internal static class ReloadCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl reload
            mayuctl reload -o json
            """;
        const string Details = "Have the server read its configuration file again. It takes all of it over or nothing: if something is wrong, or a key changed that needs a restart, the previous configuration stays in effect.";
        var command = new CtlCommand("reload", "Reload the server's configuration", Examples, Details);
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Configuration.ReloadAsync(cancellation),
            result => session.Show(parsed, result, ApiJsonContext.Default.ReloadResult, () => Tell(session, result)),
            cancellation));
        return command;
    }

    private static void Tell(CtlSession session, ReloadResult result)
    {
        session.WriteLine(result.Changed.IsEmpty ? "Reloaded; no key changed" : $"Reloaded; changed: {string.Join(", ", result.Changed)}");
        foreach (var warning in result.Warnings)
        {
            session.WriteLine($"warning: {warning}");
        }
    }
}
