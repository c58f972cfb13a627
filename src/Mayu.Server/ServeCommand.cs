using System.CommandLine;
using System.Runtime.InteropServices;
using Mayu.Client.Text;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Primitives;
using Mayu.Server.Configuration;
using Mayu.Server.Http;
using Mayu.Server.Preflight;
using Mayu.Server.Service;
using Microsoft.Extensions.Logging.Console;

namespace Mayu.Server;

/// <summary><c>mayu serve</c>: runs until it is told to end.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var command = new HelpPage("serve", "Run the server", """
            Run the server: DHCP, TFTP and boot HTTP for machines on the configured
            interface, and the API for operators.

            SIGHUP reloads the configuration. SIGTERM and SIGINT stop the server:
            downloads that run may finish (drain_timeout); a second signal ends them.
            A service manager is told of all this (sd_notify).

            Examples:
              mayu serve
              mayu serve --config ./config.yaml
              mayu serve --set network.interface=eth1 --set api.port=5080
              MAYU_NETWORK_INTERFACE=eth1 mayu serve
            """);
        var options = new ConfigurationOptions();
        options.AddTo(command);
        var old = new OldFlags();
        old.AddTo(command);
        var verbose = new Option<bool>("--debug", "-d") { Description = "Log every packet and request" };
        command.Options.Add(verbose);
        var newCluster = new Option<bool>("--new-cluster")
        {
            Description = "Accept an empty cluster directory, or one that does not match the keys and leases; by default Mayu refuses both",
        };
        command.Options.Add(newCluster);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(options.Read(parsed, old.Read(parsed)), parsed.GetValue(verbose), parsed.GetValue(newCluster), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConfigurationReader reader, bool verbose, bool newCluster, CancellationToken cancellationToken)
    {
        if (ConfigurationSchema.Bind(reader) is not { } configuration)
        {
            ConfigCommand.Report(reader);
            return ExitCode.Usage;
        }

        using var loggers = LoggerFactory.Create(logging => Filter(logging, verbose)
            .AddConsole(console => console.FormatterName = LineFormatter.LineName)
            .Services.AddSingleton<ConsoleFormatter>(new LineFormatter(TimeProvider.System)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var atOnce = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop, atOnce));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop, atOnce));
        using var manager = ServiceManager.OfProcess(loggers.CreateLogger("Mayu.Service"));
        MayuServer? running = null;
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            if (Volatile.Read(ref running) is { } started)
            {
                started.Reload.Run();
            }
            else
            {
                PrintLine(Console.Error, "mayu: SIGHUP does nothing while the server starts: send it again");
            }
        });
        try
        {
            configuration = configuration with { BeginsNewCluster = newCluster };
            await using var server = await MayuServer.StartAsync(configuration, reader, loggers, TimeProvider.System, manager, stop.Token);
            manager.Ready($"Running; {Counted.Of(server.Store.Current.Count, "machine")} known at the start");
            Volatile.Write(ref running, server);
            Announce(configuration, server);
            await using var watchdog = new Watchdog(manager, server.Defect, TimeProvider.System, loggers.CreateLogger("Mayu.Watchdog"));
            await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            PrintLine(Console.Out, "mayu: stopping");
            await server.DrainAsync(configuration.DrainTimeout, manager, TimeProvider.System, atOnce.Token);
            return ExitCode.Ok;
        }
        catch (StartException e)
        {
            PrintLine(Console.Error, $"mayu: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
    }

    /// <summary>Which lines are written.</summary>
    internal static ILoggingBuilder Filter(ILoggingBuilder logging, bool verbose) => logging
        .SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information)
        .AddFilter("Microsoft", verbose ? LogLevel.Information : LogLevel.Warning)
        // It logs each request with its query, where somebody may have put a token. Ours logs requests without.
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
        // What keeps a listener from starting is told once, in a sentence; the host would add its stack trace.
        .AddFilter("Microsoft.Extensions.Hosting", verbose ? LogLevel.Information : LogLevel.None);

    /// <summary>
    /// Prints a line, if that can be written: a server whose log is on a full disk serves all the same. A terminal at the standard error breaks
    /// it between words.
    /// </summary>
    public static void PrintLine(TextWriter to, string line)
    {
        line = string.Join('\n', line.Split('\n').Select(PrintableText.Escape));
        try
        {
            to.WriteLine(to == Console.Error && !Console.IsErrorRedirected && Console.WindowWidth is > 0 and var width
                ? string.Join('\n', line.Split('\n').Select(part => WordWrap.Sentence(part, width)))
                : line);
        }
        catch (IOException)
        {
            // There is nowhere else to print it.
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop, CancellationTokenSource atOnce)
    {
        context.Cancel = true;
        (stop.IsCancellationRequested ? atOnce : stop).Cancel();
    }

    private static string EngineOf(MayuConfiguration configuration) => configuration.Netboot.Engine == EngineKind.External
        ? "; another program answers DHCP and TFTP (engine: external)"
        : $" and {DhcpOf(configuration.Netboot.Dhcp.Mode)}, TFTP on {string.Join(", ", configuration.Netboot.Subnets.Select(subnet => subnet.Interface).Prepend(configuration.Netboot.Interface).Distinct())}";

    private static string DhcpOf(DhcpMode mode) => mode switch
    {
        DhcpMode.Proxy => "proxyDHCP",
        DhcpMode.Auto => "DHCP or proxyDHCP",
        _ => "DHCP",
    };

    private static void Announce(MayuConfiguration configuration, MayuServer server)
    {
        PrintLine(Console.Out, $"mayu {ProductVersion.Text}: ready, {Counted.Of(server.Store.Current.Count, "machine")} known");
        PrintLine(Console.Out, $"  machines   {configuration.Netboot.BootUrl}{EngineOf(configuration)}");
        PrintLine(Console.Out, $"  operators  {(configuration.ApiUsesTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{(configuration.ApiAddress.Value == 0 ? configuration.Netboot.Network.ServerAddress : configuration.ApiAddress)}:{configuration.ApiPort}");
        PrintLine(Console.Out, $"  token      {server.Keys.TokenFile}");
        if (configuration.ApiUsesTls)
        {
            PrintLine(Console.Out, $"  CA         {server.Keys.CaFile ?? configuration.TlsCertificate}");
        }

        PrintLine(Console.Out, $"  cluster    {configuration.ClusterDirectory}");
        PrintLine(Console.Out, $"  images     {configuration.ImagesDirectory}");
        if (server.Keys.Certificate.Remark is { } remark)
        {
            PrintLine(Console.Error, $"mayu: {remark}");
        }

        foreach (var opening in configuration.Openings)
        {
            PrintLine(Console.Error, $"mayu: {ConfigCommand.Warning(opening)}");
        }

        var needs = new MachineNeeds(configuration, records: null, server.Secrets);
        foreach (var need in needs.Missing().Concat(needs.Remarks()))
        {
            PrintLine(Console.Error, $"mayu: {ConfigCommand.Warning(need)}");
        }

        foreach (var record in server.Store.Quarantined)
        {
            PrintLine(Console.Error, $"mayu: the record {record.Name} was set aside: {record.Reason}");
        }
    }
}
