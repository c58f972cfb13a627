using System.Globalization;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;
using Mayu.Primitives;

namespace Mayu.Lab.Demo;

/// <summary>What the demo says when its machines are decided.</summary>
/// <param name="rack">The machines.</param>
/// <param name="server">Their server.</param>
/// <param name="output">Where to.</param>
/// <param name="width">The terminal's width, in columns; null where a person does not watch.</param>
internal sealed class DemoReport(VirtualRack rack, LabServer server, TextWriter output, int? width)
{
    private const string Indent = "  ";

    private const int HistoryLines = 12;

    /// <summary>For each machine that does not run: the hop it stands at, its problem, and its console's last lines.</summary>
    public async Task WriteFailureAsync(RackWatch watch, CancellationToken cancellation)
    {
        foreach (var line in watch.Lines.Where(line => !line.IsRunning))
        {
            var machine = rack.Machines.First(one => one.Serial == line.Serial);
            await output.WriteLineAsync();
            await output.WriteLineAsync($"{line.Serial} does not run: it is {line.State}, last hop: {line.Hop}");
            if (line.Problem is { } problem)
            {
                await output.WriteLineAsync($"  problem: {problem}");
            }

            await output.WriteLineAsync($"  console ({Relative(machine.Console.Path)}):");
            await WriteIndentedAsync(machine.Console.Tail());
        }

        if (watch.Lines.All(line => line.State == "-"))
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync("No machine reached the server. Its log ends with:");
            await WriteIndentedAsync(LogTail.Read(server.LogFile));
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The list of machines, the history, where everything is, and what to try next.</summary>
    public async Task WriteEndAsync(RackWatch watch, DemoOptions options, CancellationToken cancellation)
    {
        var seconds = watch.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{watch.Lines.Count(line => line.IsRunning)} of {watch.Lines.Count} machines run, after {seconds} s.");
        await WriteSectionAsync("mayuctl list", width is { } columns ? await server.MayuctlScreenAsync(["list"], columns - Indent.Length, cancellation) : await server.MayuctlAsync(["list"], cancellation));
        var log = await Tool.RunAsync(
            "git", ["-c", "safe.directory=*", "-C", server.ClusterFolder, "log", $"-{HistoryLines}", "--format=%h %ad %s", "--date=format:%H:%M:%S"], cancellation: cancellation);
        await WriteSectionAsync("git log of the cluster directory (newest first)", log with { Output = Fit(log.Output) });

        if (options.Once && !options.Keep)
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync("The rack and its files are being removed. Next:");
            await output.WriteLineAsync("  ./demo                     the same rack, which keeps running so that you can try things");
            await output.WriteLineAsync("  docs/getting-started.md    boot your own machine");
            return;
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync($"Files: {Relative(rack.WorkFolder)}/ (config.yaml, mayu.log, var/cluster, machines/SERIAL/console.log)");
        if (options.Once)
        {
            return;
        }

        await WriteHintsAsync(cancellation);
        await output.WriteLineAsync($"Ctrl-C stops everything{(options.Keep ? " and keeps the files" : " and removes the files")}.");
        await output.WriteLineAsync();
    }

    private async Task WriteHintsAsync(CancellationToken cancellation)
    {
        var mayuctl = Relative(server.MayuctlScript);
        foreach (var one in rack.Machines)
        {
            await ResetCommand.WriteScriptAsync(one, cancellation);
        }

        var machine = rack.Machines[0];
        await output.WriteLineAsync($"API:   {server.ApiAddress} inside the namespace {rack.Name}");
        await output.WriteLineAsync("Try, as root in another terminal:");
        await output.WriteLineAsync($"  {mayuctl} status {machine.Serial}");
        await output.WriteLineAsync($"  {mayuctl} list -o yaml");
        await output.WriteLineAsync("Install a machine again, and watch its console:");
        await output.WriteLineAsync($"  {mayuctl} set {machine.Serial} state configured");
        await output.WriteLineAsync($"  {Relative(ResetCommand.ScriptOf(machine))} network");
        await output.WriteLineAsync($"  tail -f {Relative(machine.Console.Path)}");
        await output.WriteLineAsync("What was changed, in git:");
        await output.WriteLineAsync($"  git -C {Relative(server.ClusterFolder)} log -p");
    }

    private async Task WriteSectionAsync(string title, ToolResult said)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync(title);
        await WriteIndentedAsync(said.ExitCode == 0 ? said.Output : $"{said.Output}{said.Errors}".Trim());
    }

    private string Fit(string text) => width is { } columns
        ? string.Join('\n', text.Split('\n').Select(line => WordWrap.Sentence(line, columns - Indent.Length, Indent.Length)))
        : text;

    private async Task WriteIndentedAsync(string text)
    {
        foreach (var line in text.TrimEnd().Split('\n'))
        {
            await output.WriteLineAsync(Indent + line);
        }
    }

    private static string Relative(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : Path.Combine(".", relative);
    }
}
