using System.Globalization;
using System.Runtime.InteropServices;
using Mayu.Bench.Network;
using Mayu.Bench.Store;
using Mayu.Lab;
using Mayu.Lab.Rack;

namespace Mayu.Bench.Start;

/// <summary>The peer: dnsmasq with a line for each machine in a file that it reads at its start and at SIGHUP.</summary>
internal sealed partial class KnowingDnsmasq(BenchContext context) : IKnowingSite
{
    private const int SigHup = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _hosts = Path.Combine(context.Folder, "hosts");
    private readonly string _log = Path.Combine(context.Folder, "dnsmasq.log");
    private string[] _lines = [];
    private RackProcess? _process;
    private int _reads;

    private string HasRead => $"read {_hosts}";

    /// <inheritdoc/>
    public Task FillAsync(int machines, CancellationToken cancellation)
    {
        _lines = [.. Enumerable.Range(0, machines).Select(number => Line(number, StoreKeeper.NameOf(number)))];
        return File.WriteAllLinesAsync(_hosts, _lines, cancellation);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellation)
    {
        string[] arguments =
        [
            "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--group=root", "--log-facility=-", "--pid-file=",
            "--port=0", $"--interface={BenchNetwork.Nic}", "--bind-interfaces", "--dhcp-authoritative", "--no-ping",
            $"--dhcp-range={BenchNetwork.Leasable.First},{BenchNetwork.Leasable.Last},255.255.0.0,1h",
            $"--dhcp-hostsfile={_hosts}",
            $"--dhcp-leasefile={Path.Combine(context.Folder, "dnsmasq.leases")}",
        ];
        _process = await context.Network.StartServerAsync(_log, HasRead, "dnsmasq", arguments, cancellation);
        _reads = 1;
    }

    /// <inheritdoc/>
    public Task ListAsync(int times, int machines, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task ChangeAsync(int machine, int value, CancellationToken cancellation)
    {
        _lines[machine] = Line(machine, string.Create(CultureInfo.InvariantCulture, $"{StoreKeeper.NameOf(machine)}-{value}"));
        await File.WriteAllLinesAsync(_hosts, _lines, cancellation);
        if (Kill(_process!.Id, SigHup) != 0)
        {
            throw new LabException($"dnsmasq has exited:\n{_process.Tail()}");
        }

        _reads++;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        while ((await File.ReadAllTextAsync(_log, cancellation)).Split(HasRead).Length - 1 < _reads)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(Patience);
            await _process.DisposeAsync();
        }
    }

    private static string Line(int number, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{StoreKeeper.MacOf(number, 0)},10.77.{64 + (number >> 8)}.{number & 255},{name}");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
