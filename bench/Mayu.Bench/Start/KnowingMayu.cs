using System.Globalization;
using Mayu.Bench.Smoke;
using Mayu.Bench.Store;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Lab;

namespace Mayu.Bench.Start;

/// <summary>The native <c>mayu serve</c>, with a cluster directory that was filled before.</summary>
internal sealed class KnowingMayu(BenchContext context) : IKnowingSite
{
    private MayuSite? _site;
    private MayuClient? _api;

    /// <inheritdoc/>
    public async Task FillAsync(int machines, CancellationToken cancellation)
    {
        // With its keys, as a server that was there before has them.
        await (await MayuSite.StartAsync(context, cancellation)).DisposeAsync();
        await using var store = await StoreKeeper.OpenAsync(Path.Combine(context.Folder, "data", "cluster"), cancellation);
        await store.FillAsync(machines, cancellation);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellation) => _site = await MayuSite.StartAsync(context, cancellation);

    /// <inheritdoc/>
    public async Task ListAsync(int times, int machines, CancellationToken cancellation)
    {
        _api = await _site!.OpenApiAsync(cancellation);
        for (var i = 0; i < times; i++)
        {
            var listed = MayuSite.Or(await _api.ListMachinesAsync(cancellation)).Count;
            if (listed != machines)
            {
                throw new LabException($"the list has {listed} machines of {machines}");
            }
        }
    }

    /// <inheritdoc/>
    public async Task ChangeAsync(int machine, int value, CancellationToken cancellation) => MayuSite.Or(await _api!.SetOverrideAsync(
        StoreKeeper.NameOf(machine),
        "n",
        new OverrideRequest { Value = value.ToString(CultureInfo.InvariantCulture) },
        cancellation));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }
}
