using System.Text;
using Mayu.Bench.Network;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Lab;
using Mayu.Lab.Rack;

namespace Mayu.Bench.Smoke;

/// <summary>The native <c>mayu serve</c> with a cluster directory that is empty.</summary>
internal sealed class MayuSite : IBootSite
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly BenchContext _context;
    private readonly RackProcess _process;

    private MayuSite(BenchContext context, RackProcess process)
    {
        _context = context;
        _process = process;
    }

    public static async Task<MayuSite> StartAsync(BenchContext context, CancellationToken cancellation)
    {
        var images = Path.Combine(context.Folder, "images");
        BenchImages.Write(images);
        var process = await BenchMayu.StartAsync(
            context,
            context.Folder,
            $$"""
              router: {{BenchNetwork.ServerAddress}}
              dns: [{{BenchNetwork.ServerAddress}}]
            # The clients' end has every address of the pool, and would say of each that it is in use.
            dhcp: {probe: false}
            images_dir: {{images}}
            defaults: {image: bench-os}
            profiles:
              - {name: core, quantity: 3}
              - {name: default}
            """,
            cancellation);
        return new MayuSite(context, process);
    }

    /// <summary>Each machine was answered with its own plan, and is <c>running</c>: in the API and in the history's last commit.</summary>
    public async Task CheckAsync(IReadOnlyList<SimulatedMachine> machines, IReadOnlyList<Answers> answers, CancellationToken cancellation)
    {
        foreach (var (machine, answer) in machines.Zip(answers))
        {
            if (!Encoding.UTF8.GetString(answer.Plan).Contains($"serial={machine.Serial}\n", StringComparison.Ordinal))
            {
                throw new LabException($"{machine.Serial} got the plan of another machine");
            }
        }

        using var api = await OpenApiAsync(cancellation);
        var known = Or(await api.ListMachinesAsync(cancellation)).ToDictionary(one => one.Serial, StringComparer.Ordinal);
        var late = machines.Where(machine => known.GetValueOrDefault(machine.Serial)?.State != MachineStates.Running).ToList();
        if (late.Count > 0)
        {
            throw new LabException($"{late.Count} of {machines.Count} machines do not run, for example {late[0].Serial}:\n{_process.Tail()}");
        }

        var addresses = known.Values.Select(one => one.InternalAddress).Distinct(StringComparer.Ordinal).Count();
        if (known.Count != machines.Count || addresses != machines.Count)
        {
            throw new LabException($"{machines.Count} machines booted; {known.Count} are known and have {addresses} addresses");
        }

        await CheckHistoryAsync(machines.Count, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(StopPatience);
        await _process.DisposeAsync();
    }

    private async Task CheckHistoryAsync(int machines, CancellationToken cancellation)
    {
        var cluster = Path.Combine(_context.Folder, "data", "cluster");
        string[] running = ["-C", cluster, "grep", "--files-with-matches", "\"State\": \"running\"", "HEAD", "--", "*/conf.json"];
        var records = (await Tool.RunAsync("git", running, cancellation: cancellation)).OrThrow();
        var committed = records.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        if (committed != machines)
        {
            throw new LabException($"{machines} machines run, but the history's last commit says so of {committed}");
        }
    }

    /// <summary>A client of its API, with the operator's token.</summary>
    public async Task<MayuClient> OpenApiAsync(CancellationToken cancellation)
    {
        var keys = Path.Combine(_context.Folder, "data", "keys");
        return Or(await MayuClient.OpenAsync(
            new MayuClientOptions
            {
                Server = $"https://{BenchNetwork.ServerAddress}:4080",
                CaFile = Path.Combine(keys, "ca.pem"),
                TokenFile = Path.Combine(keys, "operator-token"),
                Connect = (connection, token) => _context.Network.ConnectAsync(null, connection.DnsEndPoint, token),
            },
            cancellation));
    }

    /// <summary>The API's answer.</summary>
    /// <exception cref="LabException">It failed.</exception>
    public static T Or<T>(ApiResult<T> result)
        where T : class => result.TryGet(out var value, out var failure) ? value : throw new LabException($"mayu's API: {failure.Title}");
}
