using System.Globalization;
using Mayu.Lab.Rack;
using Mayu.Storage.Records;

namespace Mayu.Bench.Store;

/// <summary>A file written, <c>git add</c>, <c>git commit</c>: what a program does that knows git as a command only.</summary>
internal sealed class GitProcessKeeper : IRecordKeeper
{
    private readonly string _folder;

    private GitProcessKeeper(string folder) => _folder = folder;

    /// <inheritdoc/>
    public bool TakesMany => false;

    public static async Task<GitProcessKeeper> OpenAsync(string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var keeper = new GitProcessKeeper(folder);
        await keeper.GitAsync(["init", "--quiet"], cancellation);
        return keeper;
    }

    /// <inheritdoc/>
    public async Task FillAsync(int machines, CancellationToken cancellation)
    {
        for (var number = 0; number < machines; number++)
        {
            await WriteAsync(number, 0, cancellation);
        }

        await GitAsync(["add", "--all"], cancellation);
        await GitAsync(["commit", "--quiet", "--message", "filled"], cancellation);
    }

    /// <inheritdoc/>
    public async Task ChangeAsync(int machine, int value, CancellationToken cancellation)
    {
        var file = await WriteAsync(machine, value, cancellation);
        await GitAsync(["add", "--", file], cancellation);
        await GitAsync(["commit", "--quiet", "--allow-empty", "--message", $"{StoreKeeper.NameOf(machine)}: set override n"], cancellation);
    }

    /// <inheritdoc/>
    public async Task RegisterAsync(int machines, CancellationToken cancellation)
    {
        for (var number = 0; number < machines; number++)
        {
            await ChangeAsync(number, 0, cancellation);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Mayu's record of the same machine.
    private async Task<string> WriteAsync(int number, int value, CancellationToken cancellation)
    {
        var name = StoreKeeper.NameOf(number);
        Directory.CreateDirectory(Path.Combine(_folder, name));
        var file = Path.Combine(name, "conf.json");
        var machine = StoreKeeper.NewMachine(number);
        machine = machine with { Overrides = machine.Overrides.SetItem("n", value.ToString(CultureInfo.InvariantCulture)) };
        await File.WriteAllBytesAsync(Path.Combine(_folder, file), RecordCodec.Write(new MachineRecord(machine, null)), cancellation);
        return file;
    }

    private async Task GitAsync(IEnumerable<string> arguments, CancellationToken cancellation) => (await Tool.RunAsync(
        "git",
        ["-c", "safe.directory=*", "-c", "core.fsync=all", "-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0", "-C", _folder, .. arguments],
        cancellation: cancellation)).OrThrow();
}
