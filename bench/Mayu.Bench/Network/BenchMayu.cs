using Mayu.Lab.Rack;

namespace Mayu.Bench.Network;

/// <summary>Starts the native <c>mayu serve</c> at the servers' end.</summary>
internal static class BenchMayu
{
    /// <summary>Writes its configuration, starts it, and returns when it is ready.</summary>
    /// <param name="context">Where.</param>
    /// <param name="folder">The folder for its files.</param>
    /// <param name="more">The rest of the configuration: first what belongs to <c>network</c>, in lines that two blanks begin, then other sections.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="own">The addresses that machines get for good; null: some thousand.</param>
    public static async Task<RackProcess> StartAsync(
        BenchContext context, string folder, string more, CancellationToken cancellation, (string First, string Last)? own = null)
    {
        var config = Path.Combine(folder, "config.yaml");
        var (pool, machines) = (BenchNetwork.Leasable, own ?? BenchNetwork.Internal);
        await File.WriteAllTextAsync(
            config,
            $$"""
            data_dir: {{folder}}/data
            network:
              interface: {{BenchNetwork.Nic}}
              address: {{BenchNetwork.ServerAddress}}
              subnet: {{BenchNetwork.Subnet}}
              bootstrap_range: {start: {{pool.First}}, end: {{pool.Last}}}
              internal_range: {start: {{machines.First}}, end: {{machines.Last}}}
            {{more}}
            """,
            cancellation);
        // Leases may lie there already; a cluster never does.
        return await context.Network.StartServerAsync(
            Path.Combine(folder, "mayu.log"), ": ready", context.Mayu, ["serve", "--config", config, "--new-cluster"], cancellation);
    }
}
