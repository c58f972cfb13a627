using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Client.Contracts;
using Mayu.Server.Http;

namespace Mayu.Server.Api.Description;

/// <summary>An example of each contract, for the description of the API.</summary>
internal static class ContractExamples
{
    private const string Serial = "vm-001";
    private const string Mac = "52:54:00:00:00:01";
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Hop Complete = new() { Name = HopNames.Complete, At = At };
    private static readonly Pin Pin = new() { Key = "mac:52:54:00:00:00:08", Profile = "core", Address = "10.0.0.18" };

    private static readonly Dictionary<Type, object> All = new object[]
    {
        new Machine
        {
            Serial = Serial, HasRecord = true, Hostname = Serial, MacAddresses = [Mac], State = MachineStates.Running, Profile = "core", InternalAddress = "10.0.0.10",
            Image = "lab-os", FirstSeen = At.AddHours(-1), LastSeen = At, Enabled = true, Metadata = ["rack=7"], Hop = Complete,
            Versions = new Dictionary<string, string>(StringComparer.Ordinal) { ["OS"] = "lab-os 1.0" },
        },
        new HopList { Serial = Serial, MacAddresses = [Mac], State = MachineStates.Running, Items = [new() { Name = HopNames.Discover, At = At.AddMinutes(-2) }, Complete] },
        new Stranger { MacAddresses = ["52:54:00:00:00:09"], FirstSeen = At, LastSeen = At, Hop = new() { Name = HopNames.Discover, At = At } },
        new BootEvent { Kind = BootEvent.StateKind, At = At, Serial = Serial, MacAddress = Mac, State = MachineStates.Configured, Before = MachineStates.Running },
        new MachineEvent { Kind = MachineEvent.DeleteKind, Serial = Serial, Revision = 7 },
        new Explanation
        {
            Serial = Serial, MacAddress = Mac, State = MachineStates.Running, Profile = "core", Firmware = "uefi-x64", Engine = "builtin", Mode = "server", Answer = "local-disk",
            Reason = "it runs", Protocols = [new() { Name = "dhcp", Detail = "no answer: it boots its own disk" }],
        },
        new Change { Id = "8df4dfbe5bac4037e1d2c3b4a5968778695a4b3c", Cursor = "8df4dfbe5bac4037e1d2c3b4a5968778695a4b3c:0", At = At, Who = "operator", Serial = Serial, What = "updated state to configured", Why = "new image" },
        Pin,
        new ProfileList { Items = [new() { Name = "core", Quantity = 3, Used = 2, Free = 1 }, new() { Name = "default" }] },
        new AddressList { Pools = [new() { Name = "internal", Start = "10.0.0.10", End = "10.0.0.99", Size = 90, Used = 3, Free = 87 }] },
        new LeaseList { Items = [new() { Address = "10.0.0.130", Mac = Mac, Serial = Serial, State = "leased", Until = At.AddHours(1) }] },
        new Image
        {
            Name = "lab-os", Version = "1.0", Architecture = "x86_64", DiskSizeBytes = 2L << 30, Profiles = ["core"], Machines = 3, IsComplete = true,
            Files = [new() { Name = "install_image.bin.gz", Kind = "disk", SizeBytes = 300 << 20 }, new() { Name = "image.json", Kind = "manifest", SizeBytes = 180 }],
        },
        new MachineConfig { Serial = Serial, Profile = "core", Image = "lab-os", Files = [new() { Name = "config.ign", Text = "{\"ignition\":{\"version\":\"3.4.0\"}}" }] },
        new ConfigCheckResult
        {
            File = "/etc/mayu/config.yaml", IsValid = true, Machines = 3,
            Findings = [new() { Severity = ConfigFinding.Error, Key = "profiles", Source = "ignition/core.yaml", Line = 7, Column = 3, Message = "profile core: template ignition/core.yaml, line 7, column 3: there is no variable nosuch: machines get no config" }],
        },
        new ReloadResult { Changed = ["profiles"] },
        new ApiToken { Name = "ci", Role = "operator", Scope = "rack=7", Created = At },
        new DoctorFinding { Id = "neighbours", Status = DoctorFinding.Ok, What = "16384 entries are enough for 300 machines (net.ipv4.neigh.default.gc_thresh3)" },
        new VersionInfo { Version = ProductVersion.Text },
        new ApiProblem { Type = "about:blank", Title = "Not found", Status = StatusCodes.Status404NotFound, Detail = "There is no machine nosuch, and none of that name was seen booting. `mayuctl list` shows all." },
        new StateChangeRequest { State = MachineStates.Configured, Reason = "new image" },
        new MachineChangeRequest { Cabinet = "7", Metadata = ["rack=7"] },
        new MachineChangesRequest { Selector = "rack=7", Change = new() { Cabinet = "c7" }, Reason = "moved" },
        new MachineChangesResult
        {
            IsDryRun = true, Confirm = "c1f0a3d2b4958677a1b2c3d4e5f60718", Changed = 1,
            Items = [new() { Serial = Serial, Outcome = MachineChangesItem.Changed, State = MachineStates.Running, Detail = "set cabinet to c7" }],
        },
        new WebhookMessage { Type = WebhookMessage.StateType, Timestamp = At, Data = new() { Kind = BootEvent.StateKind, At = At, Serial = Serial, State = MachineStates.Running, Before = MachineStates.Installed } },
        new Webhook { Name = "chat", Receiver = "https://chat.example", Types = [WebhookMessage.StallType], Delivered = 12, DeadLetters = 1, LastDelivered = At },
        new DeadLetter { Id = "msg_0123456789abcdef0123456789abcdef", Type = WebhookMessage.StallType, Serial = Serial, At = At, Died = At.AddHours(3), Attempts = 8, Error = "it answered 500" },
        new WebhookRetryRequest { Ids = ["msg_0123456789abcdef0123456789abcdef"] },
        new WebhookRetryResult { Retried = 1 },
        new OverrideRequest { Value = "8G" },
        new RollbackRequest { To = "2026-01-02T03:04:05Z" },
        new ConflictRequest { Verdict = ConflictRequest.Dismiss },
        new PinRequest { Profile = "core" },
        new ApiTokenRequest { Name = "ci", Role = "operator", Scope = "rack=7" },
    }.ToDictionary(example => example.GetType());

    /// <summary>The example of a type, of a list: with one item.</summary>
    public static JsonNode Of(Type type)
    {
        if (ContractSchemas.ItemOf(type) is { } item)
        {
            return new JsonObject { ["items"] = new JsonArray(Of(item)) };
        }

        return All.TryGetValue(type, out var example)
            ? JsonSerializer.SerializeToNode(example, ApiJsonContext.Default.GetTypeInfo(type)!)!
            : throw new InvalidOperationException($"{type} has no example here.");
    }
}
