"""Run as a script by test_sandbox: what a student's code can see and do, as JSON.

Arguments: the interpreter for the sandbox, a file that must stay hidden, how the code's process
comes to be ("cold" or "warm"), and further folders that it may read.
"""

import json
import sys
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

from nbclassroom.engine import Assignment, Policy, SandboxError, grade
from nbclassroom.engine.limits import MIB
from nbclassroom.engine.sandbox import shared

CODE = r"""
import json, os, socket, subprocess, sys, threading
def tried(action):
    try:
        return str(action())
    except BaseException as error:
        return type(error).__name__
def threads():
    alive, stop = 0, threading.Event()
    try:
        for alive in range(200):
            threading.Thread(target=stop.wait, daemon=True).start()
    finally:
        stop.set()
        return alive
def fill(folder):
    with open(folder + '/big', 'wb') as file:
        for _ in range(200):
            file.write(bytes(1 << 20))
def connect(address):
    with socket.socket(socket.AF_INET) as s:
        s.settimeout(2)
        return s.connect(address)
status = dict(line.split(':\t', 1) for line in open('/proc/self/status') if ':\t' in line)
mounts = [line.split()[:4] for line in open('/proc/self/mounts')]
found = {
    'uid': os.getuid(), 'capabilities': status['CapEff'].strip(),
    'no_new_privileges': status['NoNewPrivs'].strip(),
    'environment': sorted(os.environ), 'processes': sum(p.isdigit() for p in os.listdir('/proc')),
    'home': tried(lambda: os.listdir(HOME)), 'course': tried(lambda: os.listdir(COURSE)),
    'secret': tried(lambda: open(SECRET).read()), 'parent': tried(lambda: open('/proc/1/environ').read()),
    'interfaces': [line.split(':')[0].strip() for line in open('/proc/net/dev') if ':' in line],
    'network': tried(lambda: connect(('1.1.1.1', 53))), 'loopback': tried(lambda: connect(('127.0.0.1', 22))),
    'vsock': tried(lambda: socket.socket(socket.AF_VSOCK)),
    'packet': tried(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
    'unshare': tried(lambda: os.unshare(0x10000000) if hasattr(os, 'unshare') else subprocess.check_call(
        ['unshare', '-U', 'true'], stderr=subprocess.DEVNULL)),
    'mount': tried(lambda: subprocess.check_call(['mount', '-o', 'remount,rw', '/usr'],
                                                 stderr=subprocess.DEVNULL)),
    'memfd': tried(lambda: os.memfd_create('x')), 'root_write': tried(lambda: open('/x', 'w')),
    'usr_write': tried(lambda: open('/usr/x', 'w')), 'dev_write': tried(lambda: open('/dev/x', 'w')),
    'sysctl': tried(lambda: open('/proc/sys/vm/drop_caches', 'w')), 'etc': sorted(os.listdir('/etc')),
    'disk': tried(lambda: fill('.')), 'tmp': tried(lambda: fill('/tmp')), 'shm': tried(lambda: fill('/dev/shm')),
    'memory': tried(lambda: len(bytearray(1 << 31))), 'threads': threads(),
    'writable': sorted(m[1] for m in mounts if m[3].startswith('rw') and not m[1].startswith(('/dev/', '/proc'))),
    'descriptors': len(os.listdir('/proc/self/fd')), 'parent_id': os.getppid(),
    'shared': [m for m in open('/proc/self/maps') if m.split()[1].startswith('rw') and m.split()[1][3] == 's'],
    'command': open('/proc/self/cmdline').read(), 'groups': os.getgroups(),
    'session': os.getsid(0), 'path': sys.path, 'filter': status['Seccomp'].strip(),
    'bounding': [status[name].strip() for name in ('CapInh', 'CapPrm', 'CapAmb')],
    'python_write': tried(lambda: open(os.path.join(sys.prefix, 'x'), 'w')),
}
print('FOUND' + json.dumps(found))
"""  # noqa: E501


def main(python: str, secret: str, start: str, *read_only: str) -> None:
    """Print what was found, or why there is no sandbox."""
    places = f"HOME, COURSE, SECRET = {str(Path.home())!r}, {str(Path.cwd())!r}, {secret!r}\n"
    notebook = new_notebook(cells=[new_code_cell(places + CODE)])
    policy = Policy(
        python=python, read_only=tuple(map(Path, read_only)), memory=512 * MIB, disk=16 * MIB,
        cell_wall=60, environment={"CHOSEN": "1"}, warm=start == "warm",
    )  # fmt: skip
    try:
        if start == "warm" and shared.fork_server(policy) is None:
            print(json.dumps({"failed": shared.why_cold(policy)}))
            return
        report = grade(notebook, Assignment("probe", (), {}), policy)
    except SandboxError as error:
        print(json.dumps({"refused": str(error)}))
        return
    assert report.notebook is not None
    outputs = report.notebook.cells[0].outputs
    text = "".join(output.get("text", output.get("evalue", "")) for output in outputs)
    print(text.partition("FOUND")[2] or json.dumps({"failed": text + str(report.problems)}))


main(*sys.argv[1:])
