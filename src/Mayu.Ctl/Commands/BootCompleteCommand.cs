using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Report;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl boot-complete</c>: a machine reports that its system runs, as with the first Mayu.</summary>
internal sealed class BootCompleteCommand(CtlSession session)
{
    private const int BootPort = 4081;

    private readonly Option<bool> _updateVersions = new("--update-versions") { Description = "Accepted as by the first mayuctl; versions are always reported" };

    private readonly Option<string?> _url = new("--boot-url")
    {
        Description = $"URL of the server's boot HTTP [default: http:// and port {BootPort} of the server's host]",
        HelpName = "URL",
    };

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl boot-complete --server https://10.0.0.1:4080
            mayuctl boot-complete --boot-url http://10.0.0.1:4081
            mayuctl boot-complete --boot-url http://10.0.0.1:4081 --update-versions
            """;
        const string Details = "Report to Mayu, from a machine, that its system runs. SERIAL and, if it is there, INSTALL_ID come from /etc/mayu-env; versions also from /etc/os-release and /etc/yochu-env. No token is sent.";
        var report = new BootCompleteCommand(session);
        var command = new CtlCommand("boot-complete", "Report that this machine's system runs", Examples, Details) { report._updateVersions, report._url };
        command.SetAction(report.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var host = HostEnvironment.Of(session.Console.Root);
        if (host.Serial is not { } serial)
        {
            session.Console.WriteError("mayuctl: this machine's serial is not known: there is no SERIAL=… in /etc/mayu-env");
            return Task.FromResult(ExitCode.Usage);
        }

        return session.AskBootServerAsync(
            parsed,
            server => parsed.GetValue(_url) ?? new UriBuilder(Uri.UriSchemeHttp, server.Host, BootPort).ToString(),
            client => client.ReportBootCompleteAsync(serial, host.ToReport(), cancellation),
            report => session.Show(parsed, report, BootJsonContext.Default.BootCompleteReport, () => session.WriteLine($"{serial} is reported to run")),
            cancellation);
    }
}
