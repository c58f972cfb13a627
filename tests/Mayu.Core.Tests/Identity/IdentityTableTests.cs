using System.Collections.Immutable;
using FsCheck.Xunit;
using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Identity;

/// <summary>
/// All that a machine with a system of ours on its disk may say, beside another machine that an operator may have asked to be installed: for
/// no combination is the first one installed.
/// </summary>
public class IdentityTableTests
{
    private static readonly Guid UuidA = Guid.Parse("aaaaaaaa-1111-2222-3333-444444444444");
    private static readonly Guid UuidB = Guid.Parse("bbbbbbbb-1111-2222-3333-444444444444");
    private static readonly Guid UuidShared = Guid.Parse("cccccccc-1111-2222-3333-444444444444");
    private static readonly ClusterPlan Plan = Sample.Plan(Sample.Range("10.0.0.10", "10.0.0.200"), Sample.Profile("core", 20));

    // How a thing that B says stands to what A said when it was registered. Other: what B itself said when it was registered.
    private enum Said
    {
        Same,
        Other,
        Absent,
        Placeholder,
        Shared,
    }

    public static TheoryData<MachineState, MachineState> States =>
        [.. from a in Enum.GetValues<MachineState>() from b in new[] { MachineState.Installed, MachineState.Running } select (a, b)];

    [Theory]
    [MemberData(nameof(States))]
    public void No_machine_with_a_system_is_installed_for_another_by_any_protocol(MachineState a, MachineState b)
    {
        var (told, silent) = (0, 0);
        foreach (var serial in Enum.GetValues<Said>())
        {
            foreach (var uuid in Enum.GetValues<Said>())
            {
                foreach (var mac in Enum.GetValues<Said>())
                {
                    var claims = (serial, uuid, mac);
                    if (serial != Said.Other && uuid != Said.Other && mac != Said.Other)
                    {
                        // Nothing that it says was ever its own: whatever decides here cannot know.
                        silent++;
                        continue;
                    }

                    told++;
                    foreach (var snapshot in Clusters(a, b))
                    {
                        AssertNotInstalled(snapshot, claims);
                    }
                }
            }
        }

        Assert.Equal((125 - 64, 64), (told, silent));
    }

    // What has a name of its own, and what has none: two boards with placeholders are named by their UUIDs.
    private static IEnumerable<ClusterSnapshot> Clusters(MachineState a, MachineState b)
    {
        var shared = new[]
        {
            Sample.Machine("shared-1") with { Uuid = UuidShared, MacAddresses = [Sample.Mac(91), Sample.Mac(90)], SharesSerial = true, InternalAddress = null },
            Sample.Machine("shared-2") with { Uuid = UuidShared, MacAddresses = [Sample.Mac(92), Sample.Mac(90)], InternalAddress = null },
            Sample.Machine("shared-3") with { Uuid = UuidShared, MacAddresses = [Sample.Mac(93)], InternalAddress = null },
        };
        foreach (var (nameA, nameB) in new[] { ("a", "b"), ("a", UuidB.ToString()), (UuidA.ToString(), "b"), (UuidA.ToString(), UuidB.ToString()) })
        {
            yield return shared.Aggregate(ClusterSnapshot.Empty, (snapshot, machine) => snapshot.With(machine))
                .With(Sample.Machine(nameA, a) with { Uuid = UuidA, MacAddresses = [Sample.Mac(1)], Hostname = "host-a" })
                .With(Sample.Machine(nameB, b) with { Uuid = UuidB, MacAddresses = [Sample.Mac(2)], InternalAddress = Sample.Address("10.0.0.11"), Hostname = "host-b" });
        }
    }

    private static void AssertNotInstalled(ClusterSnapshot snapshot, (Said Serial, Said Uuid, Said Mac) claims)
    {
        var b = snapshot.Machines.Single(machine => machine.Hostname == "host-b");
        if (claims is { Serial: Said.Other, Uuid: not Said.Other, Mac: not Said.Other } && b.Serial.TryGetUuid(out _))
        {
            // It never said a serial, and says nothing else of its own.
            return;
        }

        var a = snapshot.Machines.Single(machine => machine.Hostname == "host-a");
        // Who is named by its UUID said a placeholder then.
        var dmi = new DmiClaims(
            claims.Serial switch { Said.Same => a.Serial.TryGetUuid(out _) ? "Default string" : "a", Said.Other => b.Serial.TryGetUuid(out _) ? "Default string" : "b", Said.Placeholder => "Default string", Said.Shared => "shared-1", _ => null },
            null,
            claims.Uuid switch
            {
                Said.Same => UuidA,
                Said.Other => UuidB,
                Said.Placeholder => Guid.Parse("03000200-0400-0500-0006-000700080009"),
                Said.Shared => UuidShared,
                _ => null,
            });
        MacAddress? mac = claims.Mac switch { Said.Same => Sample.Mac(1), Said.Other => Sample.Mac(2), Said.Shared => Sample.Mac(90), _ => null };

        // Facts: all that the hardware says. Its boot script may have named it as anybody.
        ImmutableArray<MacAddress> macs = mac is { } nic ? [nic] : [];
        foreach (var claimed in new Serial?[] { null, b.Serial, a.Serial })
        {
            var facts = new FactsReceived
            {
                Evidence = IdentityRule.BySerial.Read(dmi, mac) with { AllMacs = macs },
                Claimed = claimed,
                Uuid = dmi.Uuid,
                MacAddresses = macs,
                Facts = new MachineFacts { NetDevs = [new NetDev { Name = "eth0", MacAddress = "52:54:00:00:00:5a" }] },
            };
            var proposal = Registration.Decide(snapshot, Plan, facts, new string('0', 32), Sample.Now);
            Assert.True(proposal is Proposal.Refuse or Proposal.Put { Refusal: not null }, $"{claims}, asking as {claimed}: {proposal}");
        }

        // Loaders and firmware: each says a part of it, and what was said before with its MAC is remembered.
        var heard = new Heard();
        if (mac is { } from)
        {
            heard.Note(from, null, dmi.Uuid is { } id && !Placeholders.IsPlaceholder(id) ? id : null, isOnRecord: true);
        }

        var planner = new BootPlanner(Plan);
        foreach (var (part, protocol) in new[]
        {
            (dmi, "iPXE"), (dmi with { Serial = null }, "DHCP, GRUB by MAC"), (new DmiClaims(null, null, null), "GRUB by MAC after DHCP"),
        })
        {
            var evidence = IdentityRule.BySerial.Read(part, mac);
            var identity = IdentityResolver.Resolve(evidence, snapshot, heard);
            var answer = planner.Plan(identity);
            var saysOwn = (claims.Serial == Said.Other && part.Serial is not null && !b.Serial.TryGetUuid(out _)) || claims.Uuid == Said.Other || claims.Mac == Said.Other;
            Assert.False(saysOwn && answer.Kind == BootAnswerKind.Install, $"{claims} by {protocol}: {answer}");
        }
    }

    [Property(MaxTest = 2000)]
    public bool Whoever_says_anything_of_a_machine_with_a_system_gets_no_config_but_as_another_whose_serial_it_says(
        byte serialA, byte serialB, byte uuidA, byte uuidB, byte macA, byte macB, byte says)
    {
        var a = Record("a", serialA, uuidA, macA) with { State = MachineState.Configured };
        var b = Record("b", serialB, uuidB, macB) with { State = MachineState.Running, InternalAddress = Sample.Address("10.0.0.11") };
        if (a.Serial == b.Serial)
        {
            return true;
        }

        var snapshot = ClusterSnapshot.Empty.With(a).With(b);
        // A mix of what the two are, bit by bit.
        var facts = Sample.Facts(
            ((says & 1) == 0 ? a : b).Serial.Text, [.. ((says & 2) == 0 ? a : b).MacAddresses], ((says & 4) == 0 ? a : b).Uuid);
        var proposal = Registration.Decide(snapshot, Plan, facts, new string('0', 32), Sample.Now);
        var isInstalled = proposal is Proposal.Put { Refusal: null } or Proposal.Nothing;
        var isAllOfA = (says & 7) == 0 || (facts.Evidence.Serial == a.Serial && facts.MacAddresses.SequenceEqual(a.MacAddresses) && facts.Uuid == a.Uuid);
        // Installed as A only where the serial and the cards are A's, and the UUID is not B's alone.
        return !isInstalled || isAllOfA || (facts.Evidence.Serial == a.Serial && facts.MacAddresses.Any(a.MacAddresses.Contains));
    }

    private static Machine Record(string name, byte serial, byte uuid, byte mac) => Sample.Machine($"{name}{serial & 1}") with
    {
        Uuid = (uuid & 3) == 3 ? null : new Guid(uuid & 3, 0, 0, [9, 9, 9, 9, 9, 9, 9, 9]),
        MacAddresses = [Sample.Mac(1 + (mac & 3))],
    };
}
