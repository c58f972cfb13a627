using System.Globalization;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Mayu.Lab;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Bench.Store;

/// <summary>Mayu's own store.</summary>
internal sealed class StoreKeeper : IRecordKeeper
{
    private readonly GitMachineStore _store;

    private StoreKeeper(GitMachineStore store) => _store = store;

    /// <inheritdoc/>
    public bool TakesMany => true;

    public static async Task<StoreKeeper> OpenAsync(string folder, CancellationToken cancellation) => new(
        await GitMachineStore.OpenAsync(folder, new GitStoreOptions(), TimeProvider.System, NullLogger<GitMachineStore>.Instance, cancellation));

    /// <summary>A record as big as a real one.</summary>
    public static Machine NewMachine(int number) => new()
    {
        Serial = Serial.TryParse(NameOf(number), out var serial, out var refusal) ? serial : throw new LabException(refusal),
        State = MachineState.Configured,
        Profile = "core",
        InternalAddress = new Ipv4(0x0a000000u + (uint)number),
        Hostname = NameOf(number),
        MachineId = "0123456789abcdef0123456789abcdef",
        MacAddresses = [MacOf(number)],
        Facts = new MachineFacts
        {
            Firmware = "uefi",
            Vendor = "Dell Inc.",
            Product = "PowerEdge R640",
            MemoryBytes = 64L << 30,
            CpuThreads = 32,
            NetworkInterfaces = [new NetworkInterfaceFacts("eth0", MacOf(number), "ixgbe", 10_000, true)],
            Disks = [new DiskFacts("sda", 480L << 30, "SSD", $"disk-{number}", $"naa.{number:x16}", false, false, false)],
        },
    };

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"machine-{number:00000}");

    /// <inheritdoc/>
    public Task FillAsync(int machines, CancellationToken cancellation) => RegisterAsync(machines, cancellation);

    /// <inheritdoc/>
    public Task ChangeAsync(int machine, int value, CancellationToken cancellation) => ChangeAsync(
        snapshot => Serial.TryParse(NameOf(machine), out var serial, out _) && snapshot.Find(serial) is { } known
            ? new Proposal.Put(known with { Overrides = known.Overrides.SetItem("n", value.ToString(CultureInfo.InvariantCulture)) }, "set override n")
            : Proposal.Refused(RefusalReason.NotFound, NameOf(machine)),
        cancellation);

    /// <inheritdoc/>
    public Task RegisterAsync(int machines, CancellationToken cancellation) => Task.WhenAll(Enumerable.Range(0, machines).Select(
        number => ChangeAsync(_ => new Proposal.Put(NewMachine(number), "updated state to configured"), cancellation)));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task ChangeAsync(Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellation)
    {
        if ((await _store.ChangeAsync(new Author("bench"), decide, cancellation)).Refusal is { } refusal)
        {
            throw new LabException($"the store refused a change: {refusal.Detail}");
        }
    }

    private static MacAddress MacOf(int number) => MacAddress.FromOctets([0x52, 0x54, 0, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
