using System.Globalization;
using Mayu.Core.Machines;
using Mayu.Lab;
using Mayu.Primitives;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Bench.Store;

/// <summary>Mayu's own store.</summary>
internal sealed class StoreKeeper : IRecordKeeper
{
    private const int Nics = 4;
    private const int Disks = 8;

    private readonly MachineStore _store;

    private StoreKeeper(MachineStore store) => _store = store;

    /// <inheritdoc/>
    public bool TakesMany => true;

    public static async Task<StoreKeeper> OpenAsync(string folder, CancellationToken cancellation) => new(
        await GitStore.OpenAsync(folder, new GitOptions(), TimeProvider.System, NullLogger<MachineStore>.Instance, cancellation));

    /// <summary>
    /// A machine as a lab reports it: 2 sockets, 4 network interfaces, 8 disks, a BMC; what is its own differs, models and drivers repeat.
    /// Its record has 4 KB.
    /// </summary>
    public static Machine NewMachine(int number) => new()
    {
        Serial = Serial.TryParse(NameOf(number), out var serial, out var refusal) ? serial : throw new LabException(refusal),
        State = MachineState.Running,
        Profile = "core",
        Uuid = new Guid(number, 0x1234, 0x4abc, 1, 2, 3, 4, 5, 6, 7, 8),
        InternalAddress = new Ipv4(0x0a000010u + (uint)number),
        BmcAddress = new Ipv4(0x0b000010u + (uint)number),
        Hostname = NameOf(number),
        MachineId = new Guid(number, 1, 0, new byte[8]).ToString("N"),
        InstallId = new Guid(number, 2, 0, new byte[8]).ToString("N"),
        MacAddresses = [.. Enumerable.Range(0, Nics).Select(nic => MacOf(number, nic))],
        ConnectedNic = "eno1",
        Image = "debian-13",
        Metadata = ["role=core", string.Create(CultureInfo.InvariantCulture, $"rack=r{number / 40}")],
        Versions = Machine.NoStrings.Add("OS", "Debian GNU/Linux 13").Add("Kernel", "6.12.48"),
        FirstSeen = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000 + number),
        LastBoot = DateTimeOffset.UnixEpoch.AddSeconds(1_760_000_000 + number),
        Facts = FactsOf(number),
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

    private static MachineFacts FactsOf(int number) => new()
    {
        Firmware = "uefi",
        Dmi = new DmiFacts { Vendor = "Dell Inc.", Product = "PowerEdge R640" },
        MemoryBytes = 256L << 30,
        Cpu = new CpuFacts { Model = "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz", Sockets = 2, Cores = 40, Threads = 80 },
        IPMIMacAddress = MacOf(number, Nics).ToString(),
        NetDevs =
        [
            .. Enumerable.Range(0, Nics).Select(nic => new NetDev
            {
                Name = $"eno{nic + 1}",
                MacAddress = MacOf(number, nic).ToString(),
                Driver = nic < 2 ? "i40e" : "igb",
                SpeedMbps = nic < 2 ? 10_000 : 1_000,
                Link = nic == 0,
            }),
        ],
        Disks =
        [
            .. Enumerable.Range(0, Disks).Select(disk => disk < 2
                ? new DiskFacts
                {
                    Name = $"nvme{disk}n1",
                    SizeBytes = 480L << 30,
                    Model = "SAMSUNG MZ1LB480HAJQ-00007",
                    Serial = $"S4GEN{number:00000}{disk}",
                    Wwn = $"eui.3633473{disk}{number:x8}",
                    Rotational = false,
                }
                : new DiskFacts
                {
                    Name = $"sd{(char)('a' + disk - 2)}",
                    SizeBytes = 7680L << 30,
                    Model = "HGST HUS728T8TALE6L4",
                    Serial = $"VAG{number:00000}{disk}",
                    Wwn = $"0x5000cca0{(number * Disks) + disk:x8}",
                    Rotational = true,
                }),
        ],
    };

    public static MacAddress MacOf(int number, int nic) => MacAddress.FromOctets([0x52, 0x54, (byte)nic, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
