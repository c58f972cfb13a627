using System.Collections.Immutable;
using System.Text;
using Mayu.Core.Assignment;
using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Linux.Files;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Explain;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;
using Mayu.Server.Auth;
using Mayu.Server.BootHttp;
using Mayu.Server.BootScripts;
using Mayu.Server.Decisions;
using Mayu.Server.Images;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Explain;

/// <summary>
/// Says what every protocol would answer a client now, and why. It asks what decides for them, and leaves out what marks and sends: so there is no
/// second copy of a rule, and nothing is touched.
/// </summary>
/// <param name="boot">The planner and what it works with.</param>
/// <param name="engine">The running engine.</param>
internal sealed class Explainer(BootContext boot, IBootEngine engine)
{
    private readonly ExplainDhcp _dhcp = new(boot, engine);

    /// <summary>The networks that machines boot in, the main one first.</summary>
    public ImmutableArray<ExplainedNetwork> Networks { get; } = ExplainedNetwork.All(boot.Configuration.Netboot.ServedSubnets);

    /// <summary>The network of a name; null for none.</summary>
    public ExplainedNetwork? FindNetwork(string name) => ExplainedNetwork.Find(Networks, name);

    /// <summary>Where a client may be: where it was seen with an address last, else in any of them.</summary>
    public ImmutableArray<ExplainedNetwork> NetworksOf(MacAddress? mac)
    {
        var hops = mac is { } nic ? boot.Trace.Find(nic)?.Hops ?? [] : [];
        var seen = hops.Reverse().Select(hop => Networks.FirstOrDefault(network => network.Subnet.Contains(hop.Address))).FirstOrDefault(network => network is not null);
        return seen is null ? Networks : [seen];
    }

    /// <summary>Explains.</summary>
    /// <param name="question">Whom it is about.</param>
    /// <param name="isAsked">Which protocols are asked, by name.</param>
    public Contracts.Explanation Of(ExplainQuestion question, Func<string, bool> isAsked)
    {
        // Whom a serial names is asked about, whatever the rule; MAC and UUID may say that it is another.
        var evidence = boot.Decisions.Rule.Read(new DmiClaims(null, null, question.Uuid), question.Mac) with { Serial = question.Serial };
        var identity = boot.Decisions.Identify(evidence);
        var (serial, answer) = (identity.Machine?.Serial ?? question.Serial ?? StrangerOf(question.Mac), boot.Decisions.AnswerFor(identity));
        var machine = serial is { } known ? boot.Store.Current.Find(known) : null;
        var protocols = _dhcp.Protocols(question, isAsked).Concat(Scripts(question, serial, answer, isAsked)).Concat(Files(serial, answer)).Append(Config(machine, answer));
        return new Contracts.Explanation
        {
            Serial = serial?.Text,
            MacAddress = question.Mac?.ToString(),
            Uuid = question.Uuid?.ToString("D"),
            State = machine is null ? null : Lifecycle.NameOf(machine.State),
            Profile = machine?.Profile,
            Pins = [.. PinsOf(question, serial)],
            Firmware = ClientArchitectureName.Of(question.Architecture),
            Engine = boot.Configuration.Netboot.Engine.ToString().ToLowerInvariant(),
            Mode = boot.Configuration.Netboot.Engine == EngineKind.External ? null : boot.Configuration.Netboot.Dhcp.Mode.ToString().ToLowerInvariant(),
            Answer = answer.Name,
            Reason = answer.Reason,
            Protocols = [.. protocols.Select(protocol => protocol with { Failing = !protocol.Answers && IsDue(protocol.Name, machine, answer) })],
        };
    }

    // A machine that is left alone is rightly answered by nobody, one without a record has no config yet, and DHCP is an external engine's.
    private bool IsDue(string protocol, Machine? machine, BootAnswer answer) => protocol switch
    {
        "kernel" or "initrd" => answer.BootsFromNetwork,
        "config" => answer.BootsFromNetwork && machine is not null,
        "ipxe" or "grub" or "pxelinux" => !answer.IsSilence,
        _ => !answer.IsSilence && boot.Configuration.Netboot.Engine != EngineKind.External,
    };

    private IEnumerable<Contracts.Pin> PinsOf(ExplainQuestion question, Serial? serial) =>
        from pin in boot.Store.Current.PinsOf(serial ?? default, question.Uuid, question.Mac is { } mac ? [mac] : [])
        select new Contracts.Pin { Key = pin.Key.Text, Profile = pin.Profile, Address = pin.Address?.ToString() };

    // What somebody without a record told its boot script.
    private Serial? StrangerOf(MacAddress? mac) =>
        mac is { } nic && boot.Trace.SerialOf(nic) is { } told && boot.Store.Current.Find(told) is null ? told : null;

    private IEnumerable<Contracts.ExplainedProtocol> Scripts(ExplainQuestion question, Serial? serial, BootAnswer answer, Func<string, bool> isAsked)
    {
        // Scripts name this server as the machine reaches it: by its address on the machine's network.
        foreach (var network in question.Networks.DistinctBy(network => network.Settings.BootUrl))
        {
            foreach (var protocol in Scripts(question, network, serial, answer, isAsked))
            {
                yield return protocol with { Network = boot.Configuration.Netboot.Subnets.IsEmpty ? null : network.Name };
            }
        }
    }

    private IEnumerable<Contracts.ExplainedProtocol> Scripts(
        ExplainQuestion question, ExplainedNetwork network, Serial? serial, BootAnswer answer, Func<string, bool> isAsked)
    {
        if (isAsked("ipxe"))
        {
            yield return (serial ?? boot.Decisions.NameOf(boot.Decisions.Rule.Read(new DmiClaims(null, null, question.Uuid), question.Mac))) is { } told
                ? new Contracts.ExplainedProtocol
                {
                    Name = "ipxe",
                    Answers = true,
                    Detail = $"a script: {answer.Reason}",
                    Text = IpxeScript.Render(
                        boot.Scripts.Script(network.Settings.BootUrl, new ScriptClient(told, question.Mac, default), answer, BootTokenPlaceholder.Instance),
                        question.Architecture != ClientArchitecture.BiosX86,
                        boot.Configuration.Netboot.Pxe.Menu),
                }
                : new Contracts.ExplainedProtocol { Name = "ipxe", Detail = "nothing: it must send a serial, a UUID or a MAC" };
        }

        foreach (var (name, file) in new[] { ("grub", "grub.cfg"), ("pxelinux", "pxelinux.cfg/") })
        {
            if (!isAsked(name))
            {
                continue;
            }

            var asked = question.Mac is not { } mac ? file + (name == "grub" ? "" : "default")
                : $"{file}{(name == "grub" ? "-" : "")}01-{mac.ToHyphenated()}";
            yield return boot.Scripts.Render(asked, client: network.Subnet.Network, BootTokenPlaceholder.Instance) is { } script
                ? new Contracts.ExplainedProtocol { Name = name, Answers = true, Detail = $"{asked}: {answer.Reason}", Text = script.Text }
                : new Contracts.ExplainedProtocol { Name = name, Detail = $"nothing under the name {asked}" };
        }
    }

    private IEnumerable<Contracts.ExplainedProtocol> Files(Serial? serial, BootAnswer answer)
    {
        var script = new BootScript { Answer = answer, BootUrl = boot.Configuration.Netboot.BootUrl, Serial = serial, KernelArguments = [] };
        foreach (var (name, file) in new[] { ("kernel", ImageStore.Kernel), ("initrd", ImageStore.Initrd) })
        {
            var path = answer.BootsFromNetwork && boot.Scripts.PathOf($"{script.Images}/{file}") is { } found && ClosedPath.Of(found) is null ? found : null;
            yield return new Contracts.ExplainedProtocol
            {
                Name = name,
                Answers = path is not null,
                Detail = path is not null ? $"{path}, {new FileInfo(path).Length} bytes"
                    : !answer.BootsFromNetwork ? $"nothing: {answer.Reason}"
                    : MissingFile(answer.Image ?? boot.Configuration.DiscoveryImage, file),
            };
        }
    }

    private string MissingFile(string image, string file)
    {
        try
        {
            return boot.Images.PathOf(image, file);
        }
        catch (ImageMissingException e)
        {
            return e.Message;
        }
    }

    // Never the config itself: it may hold secrets, and is its machine's alone.
    private Contracts.ExplainedProtocol Config(Machine? machine, BootAnswer answer)
    {
        var (answers, says) = machine is null ? (false, "none yet: it has to send its facts first") : ConfigOf(machine, answer);
        return new Contracts.ExplainedProtocol { Name = "config", Answers = answers, Detail = says };
    }

    private (bool Answers, string Detail) ConfigOf(Machine machine, BootAnswer answer)
    {
        if (!answer.BootsFromNetwork)
        {
            return (false, $"none: {answer.Reason}");
        }

        var facts = new FactsReceived
        {
            Evidence = new Evidence { Serial = machine.Serial, Uuid = machine.Uuid, BootMac = machine.MacAddresses.FirstOrDefault(), AllMacs = machine.MacAddresses },
            Uuid = machine.Uuid,
            MacAddresses = machine.MacAddresses,
            ConnectedNic = machine.ConnectedNic,
            BmcAddress = machine.BmcAddress,
            Facts = machine.Facts ?? new MachineFacts(),
        };
        var now = boot.Clock.GetUtcNow();
        var registered = Registration.Decide(boot.Store.Current, boot.Plan, facts, new string('0', 32), now);
        if (RefusalOf(registered) is { } refused)
        {
            return (false, $"none: {refused.Detail}");
        }

        var next = registered is Proposal.Put put ? put.Machine : machine;
        if (boot.Configuration.Cluster.FindProfile(next.Profile) is not { } profile)
        {
            return (false, $"none: its profile {next.Profile} is not in the configuration");
        }

        return RefusalOf(ConfigIssuer.Enter(next, profile, new string('0', 32), now)) is { } forbidden
            ? (false, $"none: {forbidden.Detail}")
            : Rendered(next, profile);
    }

    private (bool Answers, string Detail) Rendered(Machine machine, Profile profile)
    {
        try
        {
            var config = boot.Provisioner.Apart().Config(
                machine with { InstallId = new string('0', 32) }, profile, boot.Images.ImageOf(profile), bootToken: Provisioner.BootTokenPlaceholder);
            return (true, $"{config.FileName} of profile {profile.Name}, {Encoding.UTF8.GetByteCount(config.Text)} bytes");
        }
        catch (Exception e) when (e is ImageMissingException or Core.Provisioning.TemplateException)
        {
            return (false, $"none: profile {profile.Name}: {e.Message}");
        }
    }

    private static Refusal? RefusalOf(Proposal proposal) => proposal switch
    {
        Proposal.Refuse refuse => refuse.Refusal,
        Proposal.Put put => put.Refusal,
        _ => null,
    };
}
