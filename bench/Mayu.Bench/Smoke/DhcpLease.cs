using System.Net;
using Mayu.Lab;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Bench.Smoke;

/// <summary>What an offer or acknowledgement said.</summary>
/// <param name="Address">The client's address.</param>
/// <param name="Server">Option 54.</param>
/// <param name="BootFile">Option 67, else <c>file</c>: for iPXE the URL of its script.</param>
internal sealed record DhcpLease(Ipv4 Address, Ipv4 Server, string BootFile)
{
    public IPAddress ClientAddress => Address.ToIPAddress();

    /// <param name="machine">Whose answer it must be.</param>
    /// <param name="transaction">The question's number.</param>
    /// <param name="bytes">The answer.</param>
    /// <param name="expected">What it must be.</param>
    /// <exception cref="LabException">It is something else, or lacks what a machine needs.</exception>
    public static DhcpLease Read(SimulatedMachine machine, uint transaction, byte[] bytes, DhcpMessageType expected)
    {
        if (!DhcpAnswer.TryRead(bytes, transaction, machine.Client.HardwareAddress, out var answer))
        {
            throw new LabException("the answer is not a DHCP packet for this machine");
        }

        if (answer.Type != expected)
        {
            throw new LabException($"the answer is {answer.Type}, not {expected}");
        }

        return answer.Server.IsAny || answer.Address.IsAny
            ? throw new LabException($"{expected} has no server identifier, or no address")
            : new DhcpLease(answer.Address, answer.Server, answer.BootFile);
    }
}
