using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client;
using Mayu.Core.Identity;
using Mayu.Core.Ignition;
using Mayu.Core.Json;
using Mayu.Core.Provisioning;
using Mayu.Core.Yaml;
using Mayu.Ctl.Contexts;
using Mayu.Ctl.Simulate;
using Mayu.InfoPusher.Http;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Leases;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;
using Mayu.Server.BootHttp;
using Mayu.Server.Configuration;
using Mayu.Server.Http;
using Mayu.Server.Images;
using Mayu.Storage.Records;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Fuzz;

/// <summary>The readers of YAML, JSON and other texts: what is refused is refused in the way that its callers expect, and nothing ends the process.</summary>
internal static class TextTargets
{
    // Requests have at most this; what is longer does not get as far.
    private const int MostBody = 1 << 20;

    // Not before the fuzzer has told the libraries where to count: no code of theirs may run until then.
    private static Serial Folder => Serial.TryParse("s1", out var serial, out _) ? serial : throw new InvalidOperationException("s1 is a serial");

    public static FuzzTarget[] All { get; } =
    [
        new("config", TakeConfiguration),
        new("template", TakeTemplate),
        new("template-output", TakeTemplateOutput),
        new("record", TakeRecord),
        new("pins", TakePins),
        new("facts", TakeFacts),
        new("api-requests", TakeApiRequests),
        new("api-answers", TakeApiAnswers),
        new("events", TakeEvents),
        new("http-answer", TakeHttpAnswer),
        new("image-manifest", TakeImage),
        new("lease-line", bytes => LeaseLine.TryRead(bytes, out _)),
        new("dnsmasq-files", TakeDnsmasqFiles),
        new("ipxe", bytes => new IpxeInterpreter(new Dictionary<string, string>(StringComparer.Ordinal) { ["netX/mac"] = "52:54:00:00:00:01" }).Run(Text(bytes))),
        new("grub", bytes => new GrubInterpreter(new Dictionary<string, string>(StringComparer.Ordinal) { ["prefix"] = "/boot" }).Run(Text(bytes))),
        new("pxelinux", bytes => PxelinuxInterpreter.Run(Text(bytes))),
        new("contexts", bytes => ContextFileText.Read(Text(bytes), "/config.yaml", out _)),
    ];

    private static void TakeConfiguration(byte[] bytes)
    {
        var reader = ConfigurationReader.Read("config.yaml", Text(bytes), OutsideValues.None);
        if (ConfigurationSchema.Bind(reader) is { } configuration)
        {
            TemplateVariables.From(configuration.Variables);
        }
        else if (reader.Problems.Count == 0)
        {
            throw new InvalidOperationException("it is refused without a reason");
        }
    }

    private static void TakeTemplate(byte[] bytes)
    {
        if (bytes.Length > TemplateLibrary.MaxBytes)
        {
            return;
        }

        var values = TemplateVariables.From((YamlMap)YamlLoader.Load("{version: 1.30, list: [1, two], map: {a: b}, hex: 0x1A4}")!);
        try
        {
            new TemplateRenderer(new TemplateLibrary()).Render(new TemplateText("t", Text(bytes)), new TemplateVariables().Set("vars", values));
        }
        catch (TemplateException e) when (e.InnerException is null)
        {
            // Refused, with its place. One with a cause is a thing that nobody foresaw: a finding.
        }
    }

    private static void TakeTemplateOutput(byte[] bytes)
    {
        var text = Text(bytes);
        foreach (var check in new Func<string>[] { () => RenderedYaml.Ignition(text), () => RenderedYaml.CloudConfig(text), () => RenderedYaml.Ignition("ignition: {version: 3.3.0}\n" + text), () => RenderedYaml.Ignition("variant: fcos\nversion: 1.7.0\n" + text) })
        {
            try
            {
                check();
            }
            catch (Exception e) when (e is YamlFaultException or IgnitionFaultsException or TemplateException)
            {
                // Refused, with its place.
            }
        }
    }

    private static void TakeRecord(byte[] bytes)
    {
        FieldChanges.Between(bytes, null);
        if (RecordCodec.Read(bytes, Folder, out var problem) is not { } record)
        {
            _ = problem ?? throw new InvalidOperationException("it is refused without a reason");
            return;
        }

        var written = RecordCodec.Write(record.With(record.Machine));
        if (RecordCodec.Read(written, Folder, out var lost) is null && written.Length <= RecordCodec.MaxBytes)
        {
            throw new InvalidOperationException($"what was read cannot be read again: {lost}");
        }
    }

    private static void TakePins(byte[] bytes)
    {
        if (PinsCodec.Read(bytes, out _) is { } pins && PinsCodec.Read(PinsCodec.Write(pins.Values), out var lost) is null)
        {
            throw new InvalidOperationException($"what was read cannot be read again: {lost}");
        }
    }

    private static void TakeFacts(byte[] bytes)
    {
        if (Json(bytes, Contracts.BootJsonContext.Default.FactsReport) is { } report)
        {
            FactsReading.TryRead(report, IdentityRule.BySerial, out _, out _);
        }

        Json(bytes, Contracts.BootJsonContext.Default.ProgressReport);
        Json(bytes, Contracts.BootJsonContext.Default.FailureReport);
        Json(bytes, Contracts.BootJsonContext.Default.BootCompleteReport);
    }

    private static void TakeApiRequests(byte[] bytes)
    {
        var types = Contracts.ApiJsonContext.Default;
        Json(bytes, types.StateChangeRequest);
        Json(bytes, types.MachineChangeRequest);
        Json(bytes, types.OverrideRequest);
        Json(bytes, types.RollbackRequest);
        Json(bytes, types.ConflictRequest);
        Json(bytes, types.PinRequest);
        Json(bytes, types.ApiTokenRequest);
        Json(bytes, types.WebhookRetryRequest);
        Json(bytes, types.MachineChangesRequest);
        Json(bytes, types.LegacyHost);
        // Of a key that is none the serializer names the path.
        JsonPath.FieldOf(Text(bytes));
        JsonPath.FieldOf("$." + Text(bytes));
    }

    private static void TakeImage(byte[] bytes)
    {
        Json(bytes, ImageJsonContext.Default.ImageManifest);
        KernelArchitecture.Of(bytes);
    }

    private static void TakeApiAnswers(byte[] bytes)
    {
        ServerAnswers.Describe(404, bytes);
        var types = Contracts.ApiJsonContext.Default;
        Answer(bytes, types.ItemListMachine);
        Answer(bytes, types.HopList);
        Answer(bytes, types.Explanation);
        Answer(bytes, types.ItemListChange);
        Answer(bytes, types.ProfileList);
        Answer(bytes, types.AddressList);
        Answer(bytes, types.ItemListImage);
        Answer(bytes, types.MachineConfig);
        Answer(bytes, types.ConfigCheckResult);
    }

    private static void TakeEvents(byte[] bytes)
    {
        using var reader = new EventReader<Contracts.BootEvent>(new HttpResponseMessage(HttpStatusCode.OK), new MemoryStream(bytes), lastId: null, Contracts.ApiJsonContext.Default.BootEvent, (happened, kind) => happened with { Kind = kind });
        var events = reader.ReadAsync().ToBlockingEnumerable().Count();
        if (events > bytes.Length)
        {
            throw new InvalidOperationException("there are more events than bytes");
        }
    }

    private static void TakeHttpAnswer(byte[] bytes)
    {
        try
        {
            new HttpAnswerReader(new MemoryStream(bytes)).ReadAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            // Refused.
        }
    }

    // The configuration, an empty line, the hosts.
    private static void TakeDnsmasqFiles(byte[] bytes)
    {
        var parts = Text(bytes).Split("\n\n", 2);
        DnsmasqReading.HostsFileOf(parts[0]);
        var reading = new DnsmasqReading(parts[0], parts[^1]);
        _ = reading.TftpRoot;
        var mac = MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1]);
        if (!Ipv4Subnet.TryParse("10.0.0.0/24", out var subnet) || subnet is null)
        {
            throw new InvalidOperationException("10.0.0.0/24 is a subnet");
        }

        foreach (var kind in new[] { PxeClientKind.Pxe, PxeClientKind.Ipxe })
        {
            var discover = new byte[BootClientWriter.Size];
            var client = new BootClient { HardwareAddress = new HardwareAddress(HardwareAddress.Ethernet, [0x52, 0x54, 0, 0, 0, 1]), Kind = kind, Architecture = ClientArchitecture.UefiX64 };
            if (DhcpPacket.TryParse(discover.AsSpan(0, BootClientWriter.WriteDiscover(discover, client, transaction: 1)), out var packet, out _))
            {
                reading.Ask(packet, mac, "eth0", subnet);
            }
        }
    }

    private static T? Json<T>(byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return BoundedJson.Value(bytes, type, MostBody);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Answer<T>(byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            AnswerJson.Read(bytes, type, MayuClient.MaxAnswerLength);
        }
        catch (JsonException)
        {
            // Refused.
        }
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
